import { type Fault } from '../../src/contracts/flow';
import { validateFlow } from '../../src/contracts/validate-flow';

export function faultsOf(input: unknown): readonly Fault[] {
  const answer = validateFlow(input);
  return answer.ok ? [] : answer.faults;
}

/** The faults of a flow with one block of this type and config between a start and nothing. */
export function faultsOfBlock(type: string, config?: unknown): readonly Fault[] {
  return faultsOf({
    name: 'test',
    blocks: [
      { id: 's', type: 'start' },
      { id: 'x', type, ...(config === undefined ? {} : { config }) },
    ],
    connections: [{ from: 's', to: 'x' }],
  });
}
