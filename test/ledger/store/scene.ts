import { openLedger, type Ledger, type LedgerOptions } from '../../../src/ledger';
import { atEnd } from '../../support';
import { TEST_RULES } from '../core/rules';

export { admitting, committing, newTeam, reserving } from './operations';

/** A ledger that is closed after the suite. */
export async function openTestLedger(
  databaseUrl: string,
  options: Partial<LedgerOptions> = {},
): Promise<Ledger> {
  const ledger = await openLedger({ databaseUrl, rules: TEST_RULES, ...options });
  atEnd(() => ledger.close());
  return ledger;
}
