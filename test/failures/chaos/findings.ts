import { type FlowRunInput, type FlowRunResult } from '../../../src/contracts/run';
import { verify } from '../../../src/ledger/read/verify';
import { entriesOf } from '../books';
import { type ChaosRun, type World } from './world';

/** What is counted as killed begins so. */
export const KILLED = 'killed: ';

type FlowRun = (input: FlowRunInput) => Promise<FlowRunResult>;

export interface Report {
  readonly seed: number;
  readonly seconds: number;
  readonly runs: number;
  readonly completed: number;
  /** Cancelled or terminated on their way: what they used is charged. */
  readonly disturbed: number;
  readonly charges: number;
  /** Periods that were closed. */
  readonly statements: number;
  readonly entries: number;
  /** Requests beyond one a block: blocks in flight when their worker was killed, executed again and charged once. */
  readonly executedAgain: number;
  readonly done: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
}

/** Holds everything that was asked of the world against what is in Temporal and in the ledger. */
export async function reportOn(world: World, at: { seed: number; seconds: number }): Promise<Report> {
  const { pool, pricing, gate } = world.own.platform;
  const findings = [...world.troubles];
  let completed = 0;
  for (const run of world.runs) {
    const { status, charged } = await endOf(world, run);
    if (status === 'COMPLETED') {
      completed += 1;
      if (charged !== String(run.flow.price)) {
        findings.push(`${run.name} says it was charged ${charged ?? 'nothing'} of ${String(run.flow.price)}`);
      }
    } else if (!run.disturbed || status === 'RUNNING') findings.push(`${run.name} is ${status}`);
  }

  const charged = await chargedOf(world);
  for (const { name, runId, flow, disturbed } of world.runs) {
    const total = charged.totals.get(runId) ?? 0n;
    if (disturbed ? total > flow.price : total !== flow.price) {
      findings.push(`${name} was charged ${String(total)} of ${String(flow.price)} in the ledger`);
    }
  }
  findings.push(...(await heldOf(world)));
  const { violations, checked } = await verify(pool, pricing);
  findings.push(...violations.map((violation) => JSON.stringify(violation)));

  const quiet = new Map(world.runs.filter((run) => !run.disturbed).map((run) => [run.name, run]));
  const due = [...quiet.values()].reduce((sum, { flow }) => sum + flow.requests, 0);
  const made = gate.calls.filter(({ run }) => quiet.has(run)).length;
  const executedAgain = made - due;
  const killed = Object.keys(world.done).filter((name) => name.startsWith(KILLED));
  if (killed.every((name) => name.includes('Postgres')) && executedAgain > 0) {
    findings.push(`${String(executedAgain)} blocks were executed again because the ledger was away`);
  }
  return {
    ...at,
    runs: world.runs.length,
    completed,
    disturbed: world.runs.filter(({ disturbed }) => disturbed).length,
    charges: charged.count,
    statements: checked.statements,
    entries: checked.entries,
    executedAgain,
    done: world.done,
    findings,
  };
}

async function endOf(world: World, run: ChaosRun): Promise<{ status: string; charged: string | null }> {
  const handle = world.own.platform.temporal.workflow.getHandle<FlowRun>(run.workflowId);
  const status = (await handle.describe()).status.name;
  if (status !== 'COMPLETED') return { status, charged: null };
  const { charged } = await handle.result();
  return { status, charged };
}

async function chargedOf(world: World): Promise<{ totals: ReadonlyMap<string, bigint>; count: number }> {
  const totals = new Map<string, bigint>();
  let count = 0;
  for (const team of world.teams) {
    for (const { kind, runId, amount } of await entriesOf(world.own.platform.pool, team)) {
      if (kind !== 'charge' || runId === null) continue;
      totals.set(runId, (totals.get(runId) ?? 0n) + amount);
      count += 1;
    }
  }
  return { totals, count };
}

/** Everything has ended: nothing is held, and nobody waits. */
async function heldOf(world: World): Promise<string[]> {
  const findings: string[] = [];
  for (const team of world.teams) {
    const now = await world.own.platform.reader.team(team);
    if (now === null) {
      findings.push(`team ${team} is gone`);
      continue;
    }
    const held = Object.values(now.balances).reduce<bigint>(
      (sum, balance) => sum + balance.held,
      now.payg.held,
    );
    if (held > 0n) findings.push(`team ${team} holds ${String(held)} millicredits for nobody`);
    if (now.waiting > 0) findings.push(`team ${team} has ${String(now.waiting)} runs in line`);
  }
  return findings;
}
