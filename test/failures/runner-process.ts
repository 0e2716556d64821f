/**
 * A private runner in a process of its own, as `flow-credits runner` makes it, which a test kills. Says `ready` once it
 * polls. It ends when its owner does: standard input is a pipe that nobody writes to.
 */
import { runRunnerProcess } from '../../src/plugin/runner-process';

async function main(): Promise<void> {
  const [team] = process.argv.slice(2);
  if (team === undefined) throw new Error('usage: runner-process.ts TEAM');
  await runRunnerProcess(process.env, {
    team,
    onPolling: () => {
      process.stdout.write('ready\n');
    },
  });
}

process.stdin.on('end', () => process.exit(0)).resume();
main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
