/** Addresses within the page. They stand in the fragment: the page works wherever its files lie. */
const part = encodeURIComponent;

export const links = {
  home: '/',
  teams: '/teams',
  usage: (team: string) => `/teams/${part(team)}`,
  runs: (team: string) => `/teams/${part(team)}/runs`,
  run: (team: string, run: string) => `/teams/${part(team)}/runs/${part(run)}`,
  statements: (team: string) => `/teams/${part(team)}/statements`,
  statement: (team: string, period: number) => `/teams/${part(team)}/statements/${String(period)}`,
  prices: (team: string) => `/teams/${part(team)}/prices`,
  audit: (team: string) => `/teams/${part(team)}/audit`,
} as const;
