import { type ResetBench } from './index';
import { type BystanderFigures } from './observe';

/** The bench as plain lines. */
export function resetReport(bench: ResetBench): readonly string[] {
  const { machine, teams, seconds, teamsPerSecond, postgresSeconds, memoryMb, obvious, ratio } = bench;
  return [
    `${machine.cpus} cores, node ${machine.node}, ${teams} teams due at once`,
    '',
    `monthlyReset      ${teamsPerSecond} teams/s (${seconds} s, of which Postgres ${postgresSeconds} s)`,
    `obvious           ${obvious.teamsPerSecond} teams/s (${obvious.name}, ${obvious.teams} teams)`,
    `ratio             ${ratio.toFixed(1)}x`,
    `memory            ${memoryMb.before} MB before, ${memoryMb.peak} at most; ` +
      `${memoryMb.secondQuarter} in the second quarter, ${memoryMb.lastQuarter} in the last`,
    `another team      ${latency(bench.bystander.quiet)} per reserve while all is quiet`,
    `                  ${latency(bench.bystander.during)} during the reset`,
    `verified          ${bench.verified} teams, no invariant broken`,
  ];
}

function latency({ p50Ms, p99Ms, maxMs }: BystanderFigures): string {
  return `p50 ${p50Ms} ms, p99 ${p99Ms} ms, most ${maxMs} ms`;
}
