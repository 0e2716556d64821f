import { type Command } from 'commander';
import { print, printJson, UserError } from '../output';

const EXAMPLES = `
Examples:
  $ TEMPORAL_ADDRESS=temporal.example:7233 DATABASE_URL=postgres://admin@db.example/credits flow-credits setup
  $ TEMPORAL_API_KEY=… TEMPORAL_NAMESPACE=credits.a1b2c flow-credits setup --every 300 --json

Safe to repeat: what is there already stays, a schedule is brought to these settings.
It changes a cluster for good, so it wants TEMPORAL_ADDRESS and DATABASE_URL set, and takes no dev stack instead.`;

interface Options {
  readonly every: string;
  readonly taskQueue?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('setup')
    .description('Prepare a Temporal namespace and a database: migrations, search attributes, schedules.')
    .option('--every <seconds>', 'how often the monthly reset and the reconcile run', '60')
    .option('--task-queue <name>', "the worker's task queue")
    .option('--json', 'what was done, and what was there already')
    .addHelpText('after', EXAMPLES)
    .action(setup);
}

async function setup(options: Options): Promise<void> {
  const everySeconds = wholeSeconds(options.every);
  const { DATABASE_URL: databaseUrl, ...env } = process.env;
  if (!databaseUrl) throw new UserError('DATABASE_URL is not set: it names the database to prepare');
  if (!(env['TEMPORAL_ADDRESS'] ?? env['TEMPORAL_PROFILE'] ?? env['TEMPORAL_CONFIG_FILE'])) {
    throw new UserError('TEMPORAL_ADDRESS is not set: it names the cluster to prepare');
  }
  const [{ connectionFromEnv }, { setUpTemporal }] = await Promise.all([
    import('../../client/connection.js'),
    import('../../client/setup.js'),
  ]);
  const { connection, namespace } = await connectionFromEnv();
  try {
    const { taskQueue } = options;
    const settings = {
      connection,
      namespace,
      everySeconds,
      ...(taskQueue === undefined ? {} : { taskQueue }),
    };
    const report = { namespace, ...(await setUpTemporal(settings)) };
    if (options.json) {
      printJson(report);
      return;
    }
    const { added, present } = report.searchAttributes;
    for (const name of added) print(`search attribute ${name}: added`);
    for (const name of present) print(`search attribute ${name}: present`);
    for (const [id, outcome] of Object.entries(report.schedules)) print(`schedule ${id}: ${outcome}`);
  } finally {
    await connection.close();
  }
}

function wholeSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1) {
    throw new UserError(`--every ${text}: must be a whole number of seconds, 1 or more`);
  }
  return seconds;
}
