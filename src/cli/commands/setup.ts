import { type Command } from 'commander';
import { type SetupReport } from '../../client/setup';
import { note, print, printJson, UserError } from '../output';
import { atPostgres } from './away';

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
  const [{ connectionFromEnv }, { setUp }] = await Promise.all([
    import('../../client/connection.js'),
    import('../../client/setup.js'),
  ]);
  const { connection, namespace } = await connectionFromEnv();
  try {
    const { taskQueue } = options;
    const report = await atPostgres(databaseUrl, () =>
      setUp({
        connection,
        namespace,
        databaseUrl,
        everySeconds,
        ...(taskQueue === undefined ? {} : { taskQueue }),
      }),
    );
    if (options.json) printJson(report);
    else tell(report);
  } finally {
    await connection.close();
  }
}

function tell(report: SetupReport): void {
  const { applied } = report.migrations;
  for (const name of applied) print(`migration ${name}: applied`);
  if (applied.length === 0) print('migrations: up to date');
  for (const [role, outcome] of Object.entries(report.roles)) print(`role ${role}: ${outcome}`);
  for (const name of report.searchAttributes.added) print(`search attribute ${name}: created`);
  for (const name of report.searchAttributes.present) print(`search attribute ${name}: present`);
  for (const [id, outcome] of Object.entries(report.schedules)) print(`schedule ${id}: ${outcome}`);
  for (const [role, outcome] of Object.entries(report.roles)) {
    if (outcome === 'missing') note(`have an administrator run "CREATE ROLE ${role} NOLOGIN", then repeat`);
  }
}

function wholeSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1) {
    throw new UserError(`--every ${text}: must be a whole number of seconds, 1 or more`);
  }
  return seconds;
}
