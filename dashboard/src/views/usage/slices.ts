import { type Overview } from '../../api/types';

/** A part of the month's bar. */
export interface Slice {
  readonly id: string;
  readonly label: string;
  readonly amount: bigint;
  readonly colour: string;
  readonly pattern?: 'held' | 'left';
  /** Listed in the legend also where it is 0. */
  readonly always?: boolean;
  readonly note?: string;
}

export interface Sums {
  readonly used: bigint;
  readonly held: bigint;
  readonly left: bigint;
  /** What the team has this month, beside pay-as-you-go: charged to it, held and left. */
  readonly had: bigint;
}

export function sumsOf(team: Overview): Sums {
  const { included, packs, adjustments } = team.credits;
  const grants = [included, packs, adjustments];
  const sum = (pick: (grant: Overview['credits']['included']) => string): bigint =>
    grants.reduce((total, grant) => total + BigInt(pick(grant)), 0n);
  const charged = sum(({ charged }) => charged);
  const held = sum(({ held }) => held);
  const left = sum(({ available }) => available);
  return {
    used: charged + BigInt(team.payAsYouGo.charged) + BigInt(team.overdraft),
    held: held + BigInt(team.payAsYouGo.held),
    left,
    had: charged + held + left,
  };
}

/** What was used by where it came from, in the order of use; then what is held, then what is left. */
export function slicesOf(team: Overview): readonly Slice[] {
  const { credits, payAsYouGo } = team;
  const { held, left } = sumsOf(team);
  return [
    {
      id: 'included',
      label: 'Used, included',
      amount: BigInt(credits.included.charged),
      colour: 'var(--included)',
      always: true,
    },
    {
      id: 'purchased',
      label: 'Used, packs',
      amount: BigInt(credits.packs.charged),
      colour: 'var(--purchased)',
    },
    {
      id: 'adjustment',
      label: 'Used, adjustments',
      amount: BigInt(credits.adjustments.charged),
      colour: 'var(--adjustment)',
    },
    { id: 'payg', label: 'Pay-as-you-go', amount: BigInt(payAsYouGo.charged), colour: 'var(--payg)' },
    {
      id: 'overdraft',
      label: 'Overdraft',
      amount: BigInt(team.overdraft),
      colour: 'var(--overdraft)',
      note: 'Runs in flight that completed when nothing was left',
    },
    {
      id: 'held',
      label: 'Held by runs',
      amount: held,
      colour: 'var(--included)',
      pattern: 'held',
      always: true,
    },
    { id: 'left', label: 'Left', amount: left, colour: 'var(--track)', pattern: 'left', always: true },
  ];
}
