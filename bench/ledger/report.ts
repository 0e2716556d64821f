import { type LedgerBench } from './index';

/** The bench as plain lines. */
export function ledgerReport({ machine, loads, rounds, roundMs }: LedgerBench): readonly string[] {
  const { cpus, model, memoryGb, node, postgres, fsync, synchronousCommit } = machine;
  return [
    `${cpus} x ${model}, ${memoryGb} GB, node ${node}, Postgres ${postgres}`,
    `fsync ${fsync}, synchronous_commit ${synchronousCommit}; medians of ${rounds} rounds of ${roundMs} ms each`,
    '',
    '  teams  callers   operations/s   textbook   ratio',
    ...loads.map(
      ({ teams, callers, operationsPerSecond: { ours, textbook }, ratio }) =>
        `${String(teams).padStart(7)}${String(callers).padStart(9)}${String(ours).padStart(15)}` +
        `${String(textbook).padStart(11)}${`${ratio.toFixed(1)}x`.padStart(8)}`,
    ),
  ];
}
