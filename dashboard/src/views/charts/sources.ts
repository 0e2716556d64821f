/** Where credits come from, in the order in which they are used: names and colours that all views share. */
export const SOURCES = [
  { source: 'included', label: 'Included', colour: 'var(--included)' },
  { source: 'purchased', label: 'Packs', colour: 'var(--purchased)' },
  { source: 'adjustment', label: 'Adjustments', colour: 'var(--adjustment)' },
  { source: 'payg', label: 'Pay-as-you-go', colour: 'var(--payg)' },
  { source: 'overdraft', label: 'Overdraft', colour: 'var(--overdraft)' },
] as const;

export type SourceName = (typeof SOURCES)[number]['source'];
