import { Client } from '@temporalio/client';
import { FlowCreditsClient, type StartRun } from '../client';
import { connectionFromEnv, temporalSettings } from '../client/connection';
import { type FlowInput } from '../contracts/flow';
import { toIso, type Instant } from '../contracts/time';
import { openReader, type LedgerReader } from '../ledger/read';
import { loadPricing, pricingFilesFrom } from '../pricing';
import { type Stack } from './stack';

const ACTOR = 'sample';
const DAY_MS = 86_400_000;
/** A bound for runs that nobody ends up executing. */
const MOST_RUNS = 60;

/** Teams to look at, named by trees as the demo's are, and by none of its names. */
export const SAMPLE = { runOut: 'willow', enterprise: 'juniper', free: 'hazel' } as const;

/**
 * Where there is no team yet, three that have used something: one that has run out and whose runs wait, one on Enterprise
 * with a pack and pay-as-you-go, one on Free. All of it is made by real runs of the stack's worker. False where there
 * are teams already.
 */
export async function sampleTeams(
  stack: Pick<Stack, 'env' | 'databaseUrl'>,
  apiUrl: string | null,
): Promise<boolean> {
  const pricing = loadPricing(pricingFilesFrom(stack.env));
  const reader = openReader(stack.databaseUrl, pricing);
  try {
    if ((await reader.teams({ after: null, limit: 1 })).length > 0) return false;
    const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
    try {
      const client = new FlowCreditsClient({ client: new Client({ connection, namespace }), reader });
      const flows = flowsFor(apiUrl);
      await Promise.all([
        runOut(client, reader, flows),
        enterprise(client, reader, flows),
        free(client, reader, flows),
      ]);
      return true;
    } finally {
      await connection.close();
    }
  } finally {
    await reader.close();
  }
}

async function runOut(client: FlowCreditsClient, reader: LedgerReader, flows: Flows): Promise<void> {
  const team = SAMPLE.runOut;
  await client.upsertTeam(team, { plan: 'solo', ...periodOf(await reader.now(), 19) });
  for (let runs = 0; runs < MOST_RUNS; runs += 1) {
    const { status } = await run(client, { team, flow: flows.review, trigger: 'webhook' });
    if (status !== 'waiting') continue;
    // One stands in the line: these join it.
    for (const flow of [flows.review, flows.report, flows.report]) {
      await run(client, { team, flow, trigger: 'schedule' });
    }
    return;
  }
}

async function enterprise(client: FlowCreditsClient, reader: LedgerReader, flows: Flows): Promise<void> {
  const team = SAMPLE.enterprise;
  const now = await reader.now();
  await client.upsertTeam(team, { plan: 'enterprise', ...periodOf(now, 11) });
  const expiresAt = toIso(now + 200 * DAY_MS);
  await client.addCredits(team, { actor: ACTOR, credits: '10000', expiresAt, note: 'order 4711' });
  await client.adjustCredits(team, { actor: ACTOR, credits: '50', reason: 'goodwill: an outage in spring' });
  await client.setPayAsYouGo(team, { actor: ACTOR, enabled: true, capUsd: '25.00' });
  for (const trigger of ['api', 'schedule', 'webhook', 'mcp'] as const) {
    for (const flow of [flows.review, flows.report, flows.report]) await run(client, { team, flow, trigger });
  }
}

async function free(client: FlowCreditsClient, reader: LedgerReader, flows: Flows): Promise<void> {
  const team = SAMPLE.free;
  await client.upsertTeam(team, { plan: 'free', ...periodOf(await reader.now(), 6) });
  for (let runs = 0; runs < 3; runs += 1) await run(client, { team, flow: flows.report, trigger: 'api' });
}

/** Until it waits or has ended. */
async function run(client: FlowCreditsClient, start: StartRun): Promise<{ status: string }> {
  const started = await client.startRun({ ...start, wait: 'admission' });
  const { status = 'unknown' } = started.admission ?? {};
  if (status === 'admitted') await started.result();
  return { status };
}

/** A period that began so many days ago. */
function periodOf(now: Instant, days: number): { anchor: string; timeZone: string } {
  const began = new Date(now - days * DAY_MS);
  // A day that every month has.
  while (began.getUTCDate() > 28) began.setUTCDate(began.getUTCDate() - 1);
  return { anchor: `${toIso(began.getTime()).slice(0, 10)}T00:00:00`, timeZone: 'UTC' };
}

interface Flows {
  readonly review: FlowInput;
  readonly report: FlowInput;
}

/** The requests ask the stack's own API how it does: nothing else is sure to be there. */
function flowsFor(apiUrl: string | null): Flows {
  const asking = (id: string): FlowInput['blocks'] =>
    apiUrl === null ? [] : [{ id, type: 'http-request', config: { url: `${apiUrl}/health` } }];
  return {
    review: chain('order review', [...asking('ask-stock'), ...sums('price', 'tax', 'total')]),
    report: chain('nightly report', sums('gather', 'sum up')),
  };
}

function sums(...names: readonly string[]): FlowInput['blocks'] {
  return names.map((name) => ({
    id: name.replace(' ', '-'),
    type: 'evaluate',
    config: { expression: '$sum([19, 23])' },
  }));
}

function chain(name: string, blocks: FlowInput['blocks']): FlowInput {
  const all = [{ id: 'start', type: 'start' }, ...blocks, { id: 'result', type: 'output' }];
  return {
    name,
    blocks: all,
    connections: all.slice(1).map(({ id }, index) => ({ from: all[index]?.id ?? '', to: id })),
  };
}
