import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { FAILURE } from '../../src/contracts/failures';
import { type FlowInput } from '../../src/contracts/flow';
import { teamBillingId } from '../../src/contracts/names';
import { violationsOf } from '../failures/books';
import { eventually, testClient, uniqueName } from '../support';
import { openDesk, type Desk } from './desk';
import { encrypting } from './payload-codec';
import { found, historyTexts } from './payload-texts';

const { codec, dataConverter } = encrypting();
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk({ dataConverter });
  desk.gate.open();
});

const PRIVATE = 'a private sentence of a customer';

/** Its input goes through an expression, a request and an output, and is what a failure speaks of. */
function flowOf(url: string): FlowInput {
  return {
    name: 'kept private',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'say', type: 'evaluate', config: { expression: '{"said": input.sentence & "!"}' } },
      { id: 'call', type: 'http-request', config: { url, headers: { 'x-said': '{{ inputs.say.said }}' } } },
      { id: 'out', type: 'output' },
    ],
    connections: [
      { from: 'start', to: 'say' },
      { from: 'say', to: 'call' },
      { from: 'say', to: 'out' },
    ],
  };
}

describe('a platform’s own codec', () => {
  it('holds what a run is given, what its blocks deliver and what it gives back', async () => {
    const team = await desk.team('solo');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: flowOf(`${desk.gate.url}/codec`),
      input: { sentence: PRIVATE },
      wait: 'admission',
    });
    expect(run.admission).toMatchObject({ status: 'admitted' });
    await expect(run.result()).resolves.toMatchObject({
      outputs: { out: { said: `${PRIVATE}!` } },
      charged: '2000',
    });
    expect(await desk.client.run(run.workflowId)).toMatchObject({ status: 'completed', charged: '2000' });

    const texts = await historyTexts(desk.temporal, run.workflowId);
    expect(found([PRIVATE, 'kept private', 'input.sentence'], texts)).toEqual([]);
    expect(texts.join()).toContain('binary/encrypted');
    // The ledger keeps what was used, and nothing of what was said.
    const entries = await desk.pool.query<{ row: string }>(
      'SELECT t::text AS row FROM flow_credits.entries t',
    );
    expect(
      found(
        [PRIVATE],
        entries.rows.map(({ row }) => row),
      ),
    ).toEqual([]);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('goes through the waiting room: keeper, commands, signals and the internal wake', async () => {
    const team = await desk.emptyTeam('solo');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: flowOf(`${desk.gate.url}/waits`),
      input: { sentence: PRIVATE },
      wait: 'admission',
    });
    expect(run.admission).toMatchObject({ status: 'waiting', place: 1, reason: 'spent' });
    expect(await desk.client.run(run.workflowId)).toMatchObject({ status: 'waiting', place: 1 });
    const discarded = await desk.start(team, ['a'], { input: { sentence: PRIVATE } });
    await desk.client.discardRun(discarded, 'somebody', 'no longer wanted');
    await expect(discarded.result()).rejects.toMatchObject({ cause: { type: FAILURE.runDiscarded } });

    const answer = await desk.client.setPayAsYouGo(team, {
      actor: 'owner of the team',
      enabled: true,
      capUsd: '1.00',
    });
    expect(answer).toMatchObject({ status: 'done' });
    await expect(run.result()).resolves.toMatchObject({ charged: '2000' });

    // A charge wakes the keeper by the worker's own client.
    await desk.client.wake(team);
    await eventually(async () => {
      const { status } = await desk.temporal.workflow.getHandle(teamBillingId(team)).describe();
      expect(status.name).toBe('COMPLETED');
    });
    for (const id of [run.workflowId, discarded.workflowId])
      expect(found([PRIVATE, 'no longer wanted'], await historyTexts(desk.temporal, id))).toEqual([]);
    const keeper = await historyTexts(desk.temporal, teamBillingId(team));
    expect(found(['owner of the team', 'capUsd'], keeper)).toEqual([]);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
    expect(codec.plain).toBe(0);
  });

  it('is needed by whoever asks: without it there is no answer to read', async () => {
    const team = await desk.team('solo');
    const run = await desk.start(team, []);
    await run.result();
    const other = await testClient();
    await expect(other.workflow.getHandle(run.workflowId).result()).rejects.toThrow();
  });

  it('leaves failures their types', async () => {
    const end = (
      await desk.client.startRun({ team: uniqueName('nobody'), trigger: 'api', flow: flowOf('http://x/') })
    ).result();
    await expect(end).rejects.toBeInstanceOf(WorkflowFailedError);
    await expect(end).rejects.toMatchObject({
      cause: { type: FAILURE.runRejected, details: [{ reason: 'unknown-team' }] },
    });
  });
});
