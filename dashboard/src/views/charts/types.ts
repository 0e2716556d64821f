import { type Usage } from '../../api/types';
import { typeName } from '../../format/words';

const MOST = 8;

export interface ShownType {
  readonly key: string;
  readonly name: string;
  readonly amount: bigint;
  readonly charges: number;
}

/** Types that used something; those for which there is no room as one, so that all of them add up to the total. */
export function shownTypes(items: Usage['items']): readonly ShownType[] {
  const used = items
    .map(({ key, amount, charges }) => ({ key, name: typeName(key), amount: BigInt(amount), charges }))
    .filter(({ amount }) => amount > 0n);
  if (used.length <= MOST) return used;
  const others = used.slice(MOST - 1);
  const rest: ShownType = {
    key: '',
    name: `${String(others.length)} other types`,
    amount: others.reduce((sum, { amount }) => sum + amount, 0n),
    charges: others.reduce((sum, { charges }) => sum + charges, 0),
  };
  return [...used.slice(0, MOST - 1), rest];
}
