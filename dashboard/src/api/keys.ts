/** Names of what was read. All that a change of a team may touch begins with `team(team)`. */
export const keys = {
  me: ['me'],
  teams: ['teams'],
  prices: ['prices'],
  plans: ['plans'],
  team: (team: string) => ['team', team],
  of: (team: string, ...what: readonly unknown[]) => ['team', team, ...what],
} as const;
