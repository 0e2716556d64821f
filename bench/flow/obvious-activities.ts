import { credits } from '../../src/contracts/millicredits';
import { type Submitter } from '../../src/activities';

interface OfRun {
  readonly team: string;
  readonly runId: string;
}

interface OfBlock extends OfRun {
  readonly key: string;
}

export interface ObviousActivities {
  obviousAdmit(request: OfRun & { readonly workflowId: string; readonly executionId: string }): Promise<void>;
  obviousReserve(request: OfBlock): Promise<void>;
  obviousCommit(request: OfBlock): Promise<void>;
  obviousClose(request: OfRun): Promise<void>;
}

const DETAIL = { type: 'bench', lines: [], usage: {} } as const;

/** The same ledger, called from activities that do nothing else. */
export function obviousActivities(ledger: Submitter): ObviousActivities {
  return {
    obviousAdmit: async (request) => {
      await ledger.submit({
        kind: 'admit',
        ...request,
        flow: 'obvious',
        flowHash: 'obvious',
        context: { trigger: 'api', location: 'cloud' },
        mode: 'enforce',
        quotes: [
          { rateCard: 'bench', inForceFrom: 0, requiresCredits: true, least: credits(8), likely: credits(8) },
        ],
        limit: null,
      });
    },
    obviousReserve: async (request) => {
      await ledger.submit({ kind: 'reserve', ...request, amount: credits(1) });
    },
    obviousCommit: async (request) => {
      await ledger.submit({ kind: 'commit', ...request, amount: credits(1), detail: DETAIL });
    },
    obviousClose: async (request) => {
      await ledger.submit({ kind: 'close', ...request, reason: 'completed' });
    },
  };
}
