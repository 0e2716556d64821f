import { type Command } from 'commander';
import { note, print, printJson } from '../output';
import { knownTeam, withReader } from './connect';

const EXAMPLES = `
Examples:
  $ flow-credits verify
  $ flow-credits verify --team acme --json

Reads snapshots and takes no lock: it may run beside a busy ledger. Exit status 1 with the rows at fault when an
invariant is broken.`;

const PROGRESS_EVERY = 1_000;

export function register(program: Command): void {
  program
    .command('verify')
    .description('Check the invariants on a live database: what it checked, and the rows at fault.')
    .option('--team <team>', 'this team only')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(verifyCommand);
}

async function verifyCommand({ team, json }: { team?: string; json?: true }): Promise<void> {
  await withReader(async (reader) => {
    if (team !== undefined) await knownTeam(reader, team);
    const verdict = await reader.verify({
      ...(team === undefined ? {} : { team }),
      onTeam: (done) => {
        if (done % PROGRESS_EVERY === 0) note(`${done} teams …`);
      },
    });
    if (!verdict.clean) process.exitCode = 1;
    if (json) {
      printJson(verdict);
      return;
    }
    const { invariants, teams, grants, runs, entries, statements } = verdict.checked;
    print(
      `${teams} teams, ${grants} grants, ${runs} runs, ${entries} entries, ${statements} statements checked`,
    );
    for (const { number, says } of invariants) {
      const broken = verdict.violations.filter(({ invariant }) => invariant === number);
      print(`${broken.length === 0 ? 'ok    ' : 'BROKEN'} ${number}. ${says}`);
    }
    for (const { team: of, invariant, rows, message } of verdict.violations) {
      print(`team ${of}, invariant ${invariant}, ${rows.join(', ')}: ${message}`);
    }
  });
}
