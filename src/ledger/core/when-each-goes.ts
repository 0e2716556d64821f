import { type RunContext } from '../../contracts/context';
import { millicredits, min, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type PlanRules } from '../../contracts/plan';
import { type Instant } from '../../contracts/time';
import { mayRunAt } from './admit';
import { type Draft } from './draft';
import { includedCredits } from './included';
import { periodAt } from './periods';
import { creditsWithin, spendable, UNBOUNDED } from './spendable';
import { type Team } from './types';

/** So many resets are looked ahead: ten years. Who goes later goes, for all anybody can tell, never. */
export const LOOK_AHEAD = 120;

/** Of a waiting run what its going depends on. */
export interface InTheLine {
  /** What it would hold if so much is spendable: `wouldHold`. */
  readonly hold: Millicredits;
  readonly location: RunContext['location'];
}

export interface Going {
  /** 0: it can go now; n: at the n-th coming reset. */
  readonly resets: number;
  readonly at: Instant;
}

/**
 * When each run of a line goes if nothing changes: in the order of the line, from its head on. Null: not within
 * {@link LOOK_AHEAD}, or never.
 *
 * Runs go in order while something is spendable, each holding what it needs, cut to what is left: now from what is
 * spendable now, then at each reset from what that brings: the included credits of the plan the team is on then, less
 * what it owes, and pay-as-you-go up to its cap. "Nothing changes" means that what runs hold, now or when they go, is
 * what they use, before the next reset: nothing comes back and nothing is owed on top. So packs never come into it but
 * now: whoever still waits then has left nothing of them.
 *
 * Nobody goes of a team that is suspended or closed. A run for a private runner goes while the plan has one; when its
 * turn comes on a plan without it, it leaves the line and goes never. A run that gives up after its longest wait may be
 * gone before: the ledger does not know how long each of them waits.
 */
export function whenEachGoes(draft: Draft, line: readonly InTheLine[]): readonly (Going | null)[] {
  const going = new Array<Going | null>(line.length).fill(null);
  const { team, time } = draft;
  if (team.status !== 'active') return going;
  let next = letGo(line, 0, spendable(draft), (run) => mayRunAt(draft, run.location), {
    going,
    as: { resets: 0, at: time },
  });
  const months = new Months(draft);
  for (let resets = 1; resets <= LOOK_AHEAD && next < line.length; resets += 1) {
    const reset = months.next();
    if (reset === null) break;
    const { plan, brings, at } = reset;
    const may = ({ location }: InTheLine): boolean => location !== 'private-runner' || plan.privateRunner;
    next = letGo(line, next, brings, may, { going, as: { resets, at } });
  }
  return going;
}

/** Lets runs go from `first` on while something is left. Gives the index of the first that still waits. */
function letGo(
  line: readonly InTheLine[],
  first: number,
  spendableThen: Millicredits,
  may: (run: InTheLine) => boolean,
  { going, as }: { readonly going: (Going | null)[]; readonly as: Going },
): number {
  let left: bigint = spendableThen;
  let index = first;
  for (; index < line.length && left > 0n; index += 1) {
    const run = line[index];
    // Who may not go when its turn comes is put out of the line, and the next one's turn comes.
    if (run === undefined || !may(run)) continue;
    going[index] = as;
    if (spendableThen < UNBOUNDED) left -= min(run.hold, millicredits(left));
  }
  return index;
}

/** What each coming reset brings to a team whose runs wait, one after the other: as `rollover` does it. */
class Months {
  private readonly team: Team;
  private plan: string;
  private owed: bigint;
  private paygOn: boolean;
  private index: number;

  constructor(private readonly draft: Draft) {
    const { team } = draft;
    this.team = team;
    this.plan = team.plan;
    this.paygOn = team.payg.enabled;
    this.index = team.period.index;
    this.owed = team.owed + (team.overdraftPolicy === 'carry' ? team.overdraft : 0n);
  }

  /** Null from where on the team's plan is in no plan file: nobody can say what that reset brings. */
  next(): { readonly plan: PlanRules; readonly brings: Millicredits; readonly at: Instant } | null {
    const { team, draft } = this;
    this.index += 1;
    if (this.index === team.period.index + 1) this.plan = team.nextPlan ?? team.plan;
    const at = periodAt(team.anchor, team.timeZone, this.index).start;
    const plan = draft.rules.plan(this.plan, at);
    if (plan === null) return null;
    const included = includedCredits(team, plan);
    const repaid = min(millicredits(this.owed), included);
    this.owed -= repaid;
    // Pay-as-you-go that ended with a plan does not come back with the next one.
    this.paygOn &&= plan.payg;
    const brings = millicredits(included - repaid + this.headroom(plan));
    return { plan, brings, at };
  }

  private headroom(plan: PlanRules): Millicredits {
    const { payg, paygRate } = this.team;
    if (!this.paygOn) return ZERO;
    return payg.cap === null ? UNBOUNDED : creditsWithin(payg.cap, paygRate ?? plan.paygRate);
  }
}
