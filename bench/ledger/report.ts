import { type LedgerBench } from './index';

/** The bench as plain lines. */
export function ledgerReport({ machine, loads, rounds, roundMs }: LedgerBench): readonly string[] {
  const { cpus, model, memoryGb, node, postgres, fsync, synchronousCommit } = machine;
  const [{ textbooks } = { textbooks: [] }] = loads;
  return [
    `${cpus} x ${model}, ${memoryGb} GB, node ${node}, Postgres ${postgres}`,
    `fsync ${fsync}, synchronous_commit ${synchronousCommit}; medians of ${rounds} rounds of ${roundMs} ms each`,
    'operations/s, and how many times those of the textbook on so many connections',
    '',
    '  teams  callers       ours' +
      textbooks
        .map(({ connections }) => `textbook/${connections}`.padStart(14) + 'ratio'.padStart(8))
        .join(''),
    ...loads.map(
      ({ teams, callers, operationsPerSecond, textbooks: all }) =>
        `${String(teams).padStart(7)}${String(callers).padStart(9)}${String(operationsPerSecond).padStart(11)}` +
        all
          .map((one) => String(one.operationsPerSecond).padStart(14) + `${one.ratio.toFixed(1)}x`.padStart(8))
          .join(''),
    ),
  ];
}
