import { type Command } from 'commander';
import { teamIdSchema } from '../../contracts/run';
import { note, print, UserError } from '../output';

const EXAMPLES = `
Examples:
  $ flow-credits runner --team acme
  $ TEMPORAL_ADDRESS=temporal.example:7233 flow-credits runner --team acme
  $ FLOW_CREDITS_SECRET_CRM=… FLOW_CREDITS_HTTP_ALLOW=10.1.0.0/16 flow-credits runner --team acme

It needs Temporal and no database. Secrets, FLOW_CREDITS_CONNECTORS, FLOW_CREDITS_AI_PROVIDERS, FLOW_CREDITS_MCP_SERVERS,
FLOW_CREDITS_HTTP_ALLOW, FLOW_CREDITS_BLOBS and FLOW_CREDITS_BLOCKS (blocks and connectors) are this machine's own. Runs come here that are started with
"flow-credits run FLOW --team acme --location private-runner", on plans that have a private runner.`;

export function register(program: Command): void {
  program
    .command('runner')
    .description("Execute the blocks of a team's private runs on this machine until Ctrl-C.")
    .requiredOption('--team <team>', 'whose runs')
    .addHelpText('after', EXAMPLES)
    .action(runner);
}

async function runner({ team }: { readonly team: string }): Promise<void> {
  const id = teamIdSchema.safeParse(team);
  if (!id.success)
    throw new UserError(`team "${team}": ${id.error.issues[0]?.message ?? 'is no name of a team'}`);
  const [{ runRunnerProcess }, { environment }] = await Promise.all([
    import('../../dev/runner.js'),
    import('../../dev/state-file.js'),
  ]);
  const env = environment();
  await runRunnerProcess(
    { ...env, FLOW_CREDITS_LOG_LEVEL: env['FLOW_CREDITS_LOG_LEVEL'] ?? 'WARN' },
    {
      team,
      onPolling: ({ taskQueue, address }) => {
        print(`private runner of team "${team}": polls ${taskQueue} at ${address}; Ctrl-C stops it`);
      },
    },
  );
  note('stopped');
}
