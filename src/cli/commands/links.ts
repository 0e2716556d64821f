import { type StackApi } from '../../dev/api';
import { type Stack } from '../../dev/stack';

/** So many teams get addresses of their own. */
const TEAMS = 4;

/** Where the API is, and the page for an operator and for the teams there are: each as somebody who may decide on money. */
export async function printLinks(
  print: (line?: string) => void,
  api: StackApi,
  stack: Pick<Stack, 'databaseUrl' | 'env'>,
): Promise<void> {
  print(`API        ${api.url} (documented at ${api.url}/docs)`);
  const [{ openReader }, { loadPricing, pricingFilesFrom }] = await Promise.all([
    import('../../ledger/read/index.js'),
    import('../../pricing/index.js'),
  ]);
  const reader = openReader(stack.databaseUrl, loadPricing(pricingFilesFrom(stack.env)));
  try {
    const teams = await reader.teams({ after: null, limit: TEAMS });
    print();
    print('The page. Each address opens it for somebody else, for as long as this stack is up:');
    print(`  operator       ${api.link({ role: 'operator' })}`);
    for (const team of teams) {
      print(`  ${team.padEnd(14)} ${api.link({ role: 'billing-admin', team })}`);
    }
    const [first] = teams;
    if (first !== undefined) {
      print(`  ${`${first}, viewer`.padEnd(14)} ${api.link({ role: 'viewer', team: first })}`);
    }
  } finally {
    await reader.close();
  }
}
