import { userInfo } from 'node:os';
import { type Client } from '@temporalio/client';
import {
  type CommandRefused,
  type FlowCreditsClient,
  type LedgerReader,
  type TeamOverview,
} from '../../client';
import { DEV, note, UserError } from '../output';
import { atPostgres, atTemporal } from './away';

/** What commands work with; opened as far as a command needs it. */
export interface Session {
  readonly client: FlowCreditsClient;
  readonly temporal: Client;
  readonly reader: LedgerReader;
}

/** Opens Temporal and the ledger's reader where the environment or the dev stack says, and closes them. */
export async function withSession(use: (session: Session) => Promise<void>): Promise<void> {
  const [{ Client }, { connectionFromEnv, FlowCreditsClient, temporalSettings }, { environment }] =
    await Promise.all([
      import('@temporalio/client'),
      import('../../client/index.js'),
      import('../../dev/state-file.js'),
    ]);
  await withReader(async (reader) => {
    const settings = temporalSettings(environment());
    const { connection, namespace } = await connectionFromEnv(settings);
    try {
      const temporal = new Client({ connection, namespace });
      const taskQueue = process.env['FLOW_CREDITS_TASK_QUEUE'];
      const where = taskQueue ? { taskQueue } : {};
      const client = new FlowCreditsClient({ client: temporal, reader, ...where });
      await atTemporal(settings.address, () => use({ temporal, reader, client }));
    } finally {
      await connection.close();
    }
  });
}

/** Opens the ledger for reading only. */
export async function withReader(use: (reader: LedgerReader) => Promise<void>): Promise<void> {
  const [{ openReader }, { loadPricing, pricingFilesFrom }, { environment }] = await Promise.all([
    import('../../ledger/read/index.js'),
    import('../../pricing/index.js'),
    import('../../dev/state-file.js'),
  ]);
  const env = environment();
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) {
    throw new UserError(`no ledger: start one with "${DEV}", or set DATABASE_URL`);
  }
  const pricing = loadPricing(pricingFilesFrom(env));
  await atPostgres(databaseUrl, async () => {
    const reader = openReader(databaseUrl, { plan: pricing.plan });
    try {
      await use(reader);
    } finally {
      await reader.close();
    }
  });
}

/** The team a command is about. Throws `UserError` where there is none of the name. */
export async function knownTeam(reader: LedgerReader, team: string): Promise<TeamOverview> {
  const overview = await reader.team(team);
  if (overview !== null) return overview;
  throw new UserError(
    `team "${team}" is unknown; create it with "flow-credits team create ${team} --plan PLAN"`,
  );
}

/** Who types: what the ledger's audit names where `--actor` does not. */
export function actorFrom(actor: string | undefined): string {
  return actor ?? userInfo().username;
}

const PATIENCE_MS = 10_000;

/** Waits for a worker's answer, and says after a while what may be missing. */
export async function answered<T>(waiting: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    note(`no worker has answered yet: is one running ("${DEV}", or worker.ts)?`);
  }, PATIENCE_MS);
  try {
    return await waiting;
  } catch (error) {
    // What the keeper's validator says of a command is in the cause.
    const cause = error instanceof Error && error.name === 'WorkflowUpdateFailedError' ? error.cause : null;
    throw cause instanceof Error ? new UserError(cause.message) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** A refusal says all that there is to say: the thing, the value and the way out. */
export async function done<T extends { readonly status: string; readonly message?: string }>(
  waiting: Promise<T>,
): Promise<Exclude<T, CommandRefused>> {
  const answer = await answered(waiting);
  if (!isDone(answer)) throw new UserError(answer.message ?? 'refused');
  return answer;
}

function isDone<T extends { readonly status: string }>(answer: T): answer is Exclude<T, CommandRefused> {
  return answer.status !== 'refused';
}
