import { type Charge } from '../../api/types';

const NAMES: Readonly<Record<Charge['sources'][number]['source'], string>> = {
  included: 'included',
  purchased: 'pack',
  adjustment: 'adjustment',
  payg: 'pay-as-you-go',
  overdraft: 'overdraft',
};

/** Where a part of a charge was taken from; of packs and adjustments also which one. */
export function sourceName(source: Charge['sources'][number]['source'], grant: number | null): string {
  const name = NAMES[source];
  return grant === null || source === 'included' ? name : `${name} ${String(grant)}`;
}
