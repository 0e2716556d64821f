import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { type FlowCreditsActivities } from '../../src/contracts/activities';
import { type Flow } from '../../src/contracts/flow';
import { begin, delivered, inputsOf, outcome, ready, startFlow } from '../../src/workflows/interpreter';
import { type ObviousActivities } from './obvious-activities';

export interface ObviousInput {
  readonly team: string;
  readonly flow: Flow;
}

type Executing = { [Name in 'executeBlock' as `flowCredits.${Name}`]: FlowCreditsActivities[Name] };

const ledger = proxyActivities<ObviousActivities>({ startToCloseTimeout: '30s', taskQueue: 'bench-ledger' });
const { 'flowCredits.executeBlock': executeBlock } = proxyActivities<Executing>({
  startToCloseTimeout: '1m',
});

/** The way one would write it first: the same interpreter, with reserve, block and commit as three activities. */
export async function obviousRun({ team, flow }: ObviousInput): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  const run = { team, runId: `${workflowId}:${runId}` };
  await ledger.obviousAdmit({ ...run, workflowId, executionId: runId });
  const about = { id: run.runId, team, flow: flow.name, trigger: 'api', location: 'cloud' };
  let state = startFlow(flow, null);
  while (outcome(state) === 'running') {
    for (const id of ready(state, flow)) {
      const block = flow.blocks.find((candidate) => candidate.id === id);
      if (block === undefined) continue;
      state = begin(state, flow, id);
      const request = { run: null, key: id, block, inputs: inputsOf(state, flow, id), about };
      const charges = block.type !== 'start' && block.type !== 'output';
      if (charges) await ledger.obviousReserve({ ...run, key: id });
      const answer = charges ? await executeBlock(request) : {};
      if (charges) await ledger.obviousCommit({ ...run, key: id });
      state = delivered(state, flow, id, answer);
    }
  }
  await ledger.obviousClose(run);
}
