import { credits } from '../../../src/contracts/millicredits';
import { type Operation } from '../../../src/ledger/core/operations';

/** A command: it is committed under lock. */
const command = (team: string): Operation => ({
  kind: 'adjustCredits',
  team,
  actor: 'olga',
  requestId: 'q1',
  amount: credits(7),
  reason: 'goodwill',
});

type Operations = (team: string) => readonly Operation[];

/** How a batch of a run's operations is committed, and the request that does it: alone, and with a command before them. */
export function waysToCommit(
  ofRun: Operations,
): readonly (readonly [way: string, mark: string, operations: Operations])[] {
  return [
    ['in one statement, computed ahead', 'write_', ofRun],
    ['by a COMMIT, under lock', 'COMMIT', (team) => [command(team), ...ofRun(team)]],
  ];
}
