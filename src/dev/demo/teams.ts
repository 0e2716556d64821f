import { toIso, type Instant } from '../../contracts/time';

/** The demo's teams, named by what happens to them. */
export interface DemoTeam {
  readonly name: string;
  readonly plan: string;
  /** Its first period ends at least so many days after the demo begins. */
  readonly resetsAfterDays: number;
}

export const FREE: DemoTeam = { name: 'acorn', plan: 'free', resetsAfterDays: 12 };
export const SOLO: DemoTeam = { name: 'birch', plan: 'solo', resetsAfterDays: 16 };
/** The one whose reset comes first. */
export const RESET: DemoTeam = { name: 'cedar', plan: 'team', resetsAfterDays: 3 };
export const AGENT: DemoTeam = { name: 'dogwood', plan: 'solo', resetsAfterDays: 20 };

/**
 * The wall time (UTC) at which a team's first period began: a month before its next reset. A day that every month has,
 * so that the reset falls where it was meant to.
 */
export function anchorOf({ resetsAfterDays }: DemoTeam, now: Instant): string {
  const reset = new Date(now);
  reset.setUTCDate(reset.getUTCDate() + resetsAfterDays);
  while (reset.getUTCDate() > 28) reset.setUTCDate(reset.getUTCDate() + 1);
  reset.setUTCMonth(reset.getUTCMonth() - 1);
  return `${toIso(reset.getTime()).slice(0, 10)}T00:00:00`;
}
