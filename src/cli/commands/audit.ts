import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { type AuditRow } from '../../client';
import { moment } from './amounts';
import { knownTeam, withReader } from './connect';
import { formats, oneFormat, printReport, type FormatOptions } from './formats';
import { wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits audit acme
  $ flow-credits audit acme --limit 20 --before 1734 --json
  $ flow-credits audit acme --limit 10000 --csv`;

interface Options extends FormatOptions {
  readonly before?: string;
  readonly limit: string;
}

const ENTRIES = { least: 1, most: Number.MAX_SAFE_INTEGER };

export function register(program: Command): void {
  formats(
    program
      .command('audit')
      .description('Who did what to a team: settings, packs, adjustments, reversals, discards; newest first.')
      .argument('<team>')
      .option('--before <entry>', 'older than this entry')
      .option('--limit <n>', 'how many', '50'),
  )
    .addHelpText('after', EXAMPLES)
    .action(audit);
}

async function audit(team: string, options: Options): Promise<void> {
  oneFormat(options);
  const limit = wholeNumber('--limit', options.limit, { least: 1, most: 10_000 });
  const before =
    options.before === undefined ? {} : { before: wholeNumber('--before', options.before, ENTRIES) };
  await withReader(async (reader) => {
    await knownTeam(reader, team);
    const found = await reader.audit(team, { limit, ...before });
    const rows = found.map((row) => [
      String(row.seq),
      moment(row.at),
      row.actor,
      row.kind,
      row.kind === 'setting' || row.kind === 'discard' ? '' : formatCredits(row.amount),
      [row.reason, reversedText(row)].filter((part) => part !== null).join('; '),
      row.requestId ?? '',
    ]);
    const last = found.at(-1);
    const below =
      found.length === limit && last !== undefined ? [`older ones: --before ${String(last.seq)}`] : [];
    const head = ['entry', 'at', 'who', 'what', 'credits', 'why', 'request'];
    printReport({ json: found, head, rows, right: [0, 4], below }, options);
  });
}

function reversedText({ reversed }: AuditRow): string | null {
  if (reversed === null) return null;
  const { runId, key, line } = reversed;
  return `run ${runId}, ${key}${line === null ? '' : `, line ${String(line)}`}`;
}
