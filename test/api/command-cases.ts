import { type Operation } from '../../src/api/access';
import { type ApiDesk } from './desk';

const month = new Date(Date.now() + 40 * 86_400_000).toISOString();

/** A command twice with one payload, then with another, under one key. */
export interface CommandCase {
  readonly operation: Operation;
  /** Where there are several of an operation. */
  readonly kind?: string;
  readonly status: number;
  readonly prepare?: (desk: ApiDesk, team: string) => Promise<string>;
  readonly plan?: string;
  readonly method: 'POST' | 'PUT';
  readonly path: (prepared: string) => string;
  readonly body: unknown;
  readonly other: unknown;
  readonly answer: unknown;
}

async function runOf(desk: ApiDesk, team: string): Promise<string> {
  const run = await desk.start(team, ['a', 'b']);
  await run.result();
  return run.workflowId;
}

async function waitingOf(desk: ApiDesk, team: string): Promise<string> {
  const spendable = (await desk.reader.team(team))?.spendable ?? 0n;
  await desk.client.adjustCredits(team, {
    actor: 'test',
    credits: `-${spendable / 1000n}`,
    reason: 'to the last one',
  });
  return (await desk.start(team, ['a', 'b'])).workflowId;
}

export const COMMAND_CASES: readonly CommandCase[] = [
  {
    operation: 'setPayAsYouGo',
    status: 200,
    method: 'PUT',
    path: () => '/pay-as-you-go',
    body: { enabled: true, capUsd: '25.00' },
    other: { enabled: true, capUsd: '26.00' },
    answer: { enabled: true, stillCharged: '0' },
  },
  {
    operation: 'changePlan',
    status: 200,
    method: 'PUT',
    path: () => '/plan',
    body: { plan: 'team' },
    other: { plan: 'enterprise' },
    answer: { counts: 'now', granted: '50000' },
  },
  {
    operation: 'buyPack',
    status: 201,
    plan: 'enterprise',
    method: 'POST',
    path: () => '/packs',
    body: { credits: '1000', expiresAt: month, note: 'first', paid: { amount: '8.00', currency: 'EUR' } },
    other: { credits: '1001' },
    answer: { pack: 2 },
  },
  {
    operation: 'voidPack',
    status: 200,
    plan: 'enterprise',
    prepare: async (desk, team) => {
      const bought = await desk.client.addCredits(team, { actor: 'test', credits: '7' });
      return bought.status === 'done' ? String(bought.grant) : '';
    },
    method: 'POST',
    path: (pack) => `/packs/${pack}/void`,
    body: { reason: 'ordered twice' },
    other: { reason: 'another' },
    answer: { withdrawn: '7000' },
  },
  {
    operation: 'adjustCredits',
    status: 201,
    method: 'POST',
    path: () => '/adjustments',
    body: { credits: '12.5', reason: 'sorry' },
    other: { credits: '12.6', reason: 'sorry' },
    answer: { millicredits: '12500' },
  },
  {
    operation: 'setTeamStatus',
    status: 200,
    method: 'PUT',
    path: () => '/status',
    body: { status: 'suspended' },
    other: { status: 'active' },
    answer: { status: 'suspended' },
  },
  {
    operation: 'reverseRun',
    kind: 'one line',
    status: 201,
    prepare: runOf,
    method: 'POST',
    path: (run) => `/runs/${run}/reversals`,
    body: { key: 'a', line: 0, reason: 'down' },
    other: { key: 'b', line: 0, reason: 'down' },
    answer: { reversed: '1000', charges: 1 },
  },
  {
    operation: 'reverseRun',
    kind: 'all',
    status: 201,
    prepare: runOf,
    method: 'POST',
    path: (run) => `/runs/${run}/reversals`,
    body: { reason: 'down' },
    other: { reason: 'up' },
    answer: { reversed: '2000', charges: 2 },
  },
  {
    operation: 'discardRun',
    status: 200,
    prepare: waitingOf,
    method: 'POST',
    path: (run) => `/runs/${run}/discard`,
    body: { reason: 'stale' },
    other: { reason: 'old' },
    answer: { discarded: 1, more: false },
  },
  {
    operation: 'discardLine',
    status: 200,
    prepare: waitingOf,
    method: 'POST',
    path: () => '/line/discard',
    body: { reason: 'stale', trigger: 'api' },
    other: { reason: 'stale', trigger: 'mcp' },
    answer: { discarded: 1, more: false },
  },
];
