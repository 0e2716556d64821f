import { millicredits, toText } from '../../src/contracts/millicredits';
import { openLedger, type Ledger, type LedgerOptions } from '../../src/ledger';
import { type Rules } from '../../src/ledger/core/types';
import { FUNDS_MILLICREDITS, PRICE_MILLICREDITS, type Contender, type Workload } from './contender';

const PRICE = millicredits(PRICE_MILLICREDITS);

/** What a real HTTP block commits with. */
const DETAIL = {
  type: 'http-request',
  lines: [
    {
      what: 'HTTP Request',
      quantity: '1',
      unitMillicredits: toText(PRICE),
      millicredits: toText(PRICE),
      row: 'blocks.http-request',
      provenance: 'documented',
    },
  ],
  usage: {},
} as const;

/** This package's ledger, one process. */
export async function ours(
  databaseUrl: string,
  rules: Rules,
  options: Partial<LedgerOptions> = {},
): Promise<Contender> {
  const ledger = await openLedger({ databaseUrl, rules, timeoutMs: 30_000, ...options });
  let prepared = 0;
  return {
    name: 'temporal-flow-credits',
    prepare: (teams, callers) => {
      prepared += 1;
      return prepare(ledger, `w${prepared}`, teams, callers);
    },
    close: () => ledger.close(),
  };
}

async function prepare(ledger: Ledger, name: string, teams: number, callers: number): Promise<Workload> {
  const teamOf = (caller: number): string => `${name}-${caller % teams}`;
  const runOf = (caller: number): string => `run-${caller}:3f2b8a52-7d1c-4a5e-9a40-0c6f2f1f${caller}`;
  const requestOf = (team: number): string => `funds-${team}`;
  await Promise.all(
    Array.from({ length: teams }, async (_, index) => {
      const team = teamOf(index);
      const plan = 'enterprise';
      await ledger.submit({ kind: 'upsertTeam', team, plan, anchor: '2026-01-01T00:00:00', timeZone: 'UTC' });
      const amount = millicredits(FUNDS_MILLICREDITS);
      const command = { team, requestId: requestOf(index), actor: 'bench' };
      await ledger.submit({ kind: 'addCredits', ...command, amount, expiresAt: null, note: null });
    }),
  );
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      const answer = await ledger.submit({
        kind: 'admit',
        team: teamOf(caller),
        runId: runOf(caller),
        workflowId: `run-${caller}`,
        executionId: `3f2b8a52-7d1c-4a5e-9a40-0c6f2f1f${caller}`,
        flow: 'bench',
        flowHash: 'bench',
        context: { trigger: 'api', location: 'cloud' },
        mode: 'enforce',
        quotes: [
          {
            rateCard: 'postman-2026-03-01',
            inForceFrom: 0,
            requiresCredits: true,
            least: PRICE,
            likely: PRICE,
          },
        ],
        limit: null,
      });
      if (answer.status !== 'admitted')
        throw new Error(`caller ${caller} was not admitted: ${answer.status}`);
    }),
  );
  return {
    reserve: async (caller, key) => {
      const { status } = await ledger.submit({
        kind: 'reserve',
        team: teamOf(caller),
        runId: runOf(caller),
        key,
        amount: PRICE,
      });
      if (status !== 'reserved') throw new Error(`a reserve was answered "${status}"`);
    },
    commit: async (caller, key) => {
      const { status } = await ledger.submit({
        kind: 'commit',
        team: teamOf(caller),
        runId: runOf(caller),
        key,
        amount: PRICE,
        detail: DETAIL,
      });
      if (status !== 'charged') throw new Error(`a commit was answered "${status}"`);
    },
  };
}
