import { type Pool } from 'pg';
import { type RunContext } from '../../../src/contracts/context';
import { credits, type Millicredits } from '../../../src/contracts/millicredits';
import { openLedger, type Ledger } from '../../../src/ledger';
import { type Admit, type Results, type UpsertTeam } from '../../../src/ledger/core/operations';
import { openReader, type LedgerReader } from '../../../src/ledger/read';
import { loadPricing, type Pricing } from '../../../src/pricing';
import { atEnd, testDatabase, uniqueName } from '../../support';

/** A ledger and its reader on a database of the suite's own, and a team told in whole credits. */
export interface Books {
  readonly pool: Pool;
  readonly pricing: Pricing;
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  team(settings?: Partial<UpsertTeam>): Promise<string>;
  admit(team: string, runId: string, least: number, more?: Partial<Admit>): Promise<Results['admit']>;
  /** Reserves and commits lines of whole credits: one charge. */
  use(team: string, runId: string, key: string, lines: readonly number[], type?: string): Promise<void>;
}

export async function openBooks(pricing: Pricing = loadPricing()): Promise<Books> {
  const database = await testDatabase();
  const ledger = await openLedger({ databaseUrl: database.url, rules: pricing });
  atEnd(() => ledger.close());
  return {
    pool: database.pool,
    pricing,
    ledger,
    reader: openReader(database.pool, pricing),
    team: async (settings = {}) => {
      const team = settings.team ?? uniqueName('team');
      const answer = await ledger.submit({
        kind: 'upsertTeam',
        plan: 'solo',
        anchor: '2026-01-01T00:00:00',
        timeZone: 'UTC',
        ...settings,
        team,
      });
      if (answer.status !== 'created') throw new Error(JSON.stringify(answer));
      return team;
    },
    admit: (team, runId, least, more = {}) => {
      const quote = { rateCard: 'postman-2026-03-01', inForceFrom: 0, requiresCredits: true };
      return ledger.submit({
        kind: 'admit',
        team,
        runId,
        workflowId: `w-${runId}`,
        executionId: 'x',
        flow: 'checkout',
        flowHash: 'h',
        context: API,
        mode: 'enforce',
        quotes: [{ ...quote, least: credits(least), likely: credits(least * 3) }],
        limit: null,
        ...more,
      });
    },
    use: async (team, runId, key, lines, type = 'http-request') => {
      const amount = credits(lines.reduce((sum, line) => sum + line, 0));
      const of = { team, runId, key, amount } as const;
      await ledger.submit({ kind: 'reserve', ...of });
      const detail = { type, lines: lines.map((line) => lineOf(type, credits(line))), usage: {} };
      await ledger.submit({ kind: 'commit', ...of, detail });
    },
  };
}

export const API: RunContext = { trigger: 'api', location: 'cloud' };

function lineOf(
  type: string,
  amount: Millicredits,
): {
  what: string;
  quantity: string;
  unitMillicredits: string;
  millicredits: string;
  row: string;
  provenance: 'assumed';
} {
  const millicredits = amount.toString();
  const row = `blocks.${type}`;
  return {
    what: type,
    quantity: '1',
    unitMillicredits: millicredits,
    millicredits,
    row,
    provenance: 'assumed',
  };
}

let requests = 0;

/** What every command of an operator carries. */
export function command(team: string): { team: string; requestId: string; actor: string } {
  requests += 1;
  return { team, requestId: `q${String(requests)}`, actor: 'olga' };
}
