/** Addresses within the page. They stand in the fragment: the page works wherever its files lie. */
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

/**
 * A name as one part of an address. Escapes begin with a tilde: the router decodes a part of those that begin with a
 * percent sign, and what is decoded twice is something else.
 */
export function part(name: string): string {
  return encodeURIComponent(name).replaceAll('~', '%7E').replaceAll('%3A', ':').replaceAll('%', '~');
}

/** The name that {@link part} made a part of; also of one that somebody else escaped as usual. */
export function nameOf(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('~', '%'));
  } catch {
    return part;
  }
}
