import { Option, type Command } from 'commander';
import { eventIdOf, parseEventId } from '../../contracts/names';
import { toIso } from '../../contracts/time';
import { type LedgerReader, type StoredEvent } from '../../client';
import { print, printJson, table, UserError } from '../output';
import { knownTeam, withReader, withSession } from './connect';
import { wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits events list --team acme
  $ flow-credits events list --team acme --after 120 --kind payg.usage --json
  $ flow-credits events dead
  $ flow-credits events retry --team acme
  $ flow-credits events retry --id acme:121

An event's id is TEAM:NUMBER. A worker with FLOW_CREDITS_WEBHOOK_URL delivers events; each can be read here anyway.`;

const MOST = 10_000;
const MOST_SEQ = Number.MAX_SAFE_INTEGER;

interface ListOptions {
  readonly team: string;
  readonly after: string;
  readonly kind?: string;
  readonly limit: string;
  readonly json?: true;
}

interface DeadOptions {
  readonly team?: string;
  readonly limit: string;
  readonly json?: true;
}

interface RetryOptions {
  readonly team?: string;
  readonly id?: string;
  readonly json?: true;
}

export function register(program: Command): void {
  const events = program
    .command('events')
    .description('What happened to teams, and how its delivery goes: list, dead, retry.')
    .addHelpText('after', EXAMPLES);
  events
    .command('list')
    .description('Events of a team, in order.')
    .requiredOption('--team <team>')
    .option('--after <n>', 'those after this number', '0')
    .option('--kind <kind>', 'only these, such as payg.usage')
    .option('--limit <n>', 'how many', '100')
    .option('--json', 'as JSON, with what each event says')
    .addHelpText('after', EXAMPLES)
    .action(list);
  events
    .command('dead')
    .description('Events that were given up after the last attempt, and how the delivery goes.')
    .option('--team <team>', 'of this team only')
    .option('--limit <n>', 'how many', '100')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(dead);
  events
    .command('retry')
    .description('Deliver dead events again: all, those of a team, or one.')
    .option('--team <team>', 'those of this team')
    .addOption(new Option('--id <id>', 'this one, TEAM:NUMBER').conflicts('team'))
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(retry);
}

async function list({ team, after, kind: word, limit, json }: ListOptions): Promise<void> {
  const { EVENT_KINDS } = await import('../../client/index.js');
  const kind = EVENT_KINDS.find((known) => known === word);
  if (word !== undefined && kind === undefined) {
    throw new UserError(`--kind ${word}: must be one of ${EVENT_KINDS.join(', ')}`);
  }
  const page = {
    after: wholeNumber('--after', after, { least: 0, most: MOST_SEQ }),
    limit: wholeNumber('--limit', limit, { least: 1, most: MOST }),
    ...(kind === undefined ? {} : { kind }),
  };
  await withReader(async (reader) => {
    await knownTeam(reader, team);
    const found = await reader.events(team, page);
    if (json) printJson({ team, events: found.map(asJson) });
    else if (found.length === 0) print(`team ${team} has no such event after ${page.after}`);
    else print(table([['id', 'at', 'kind', 'delivery', 'says'], ...found.map(asRow)]));
  });
}

async function dead({ team, limit, json }: DeadOptions): Promise<void> {
  const most = wholeNumber('--limit', limit, { least: 1, most: MOST });
  await withReader(async (reader) => {
    const [found, counts] = await Promise.all([deadOf(reader, team, most), reader.eventCounts()]);
    if (json) {
      printJson({ ...counts, events: found.map(asJson) });
      return;
    }
    if (found.length > 0) {
      const rows = found.map(({ team: of, event, attempts, lastError }) => [
        eventIdOf(of, event.seq),
        toIso(event.at),
        event.kind,
        String(attempts),
        lastError ?? '',
      ]);
      print(table([['id', 'at', 'kind', 'attempts', 'last error'], ...rows], [3]));
    }
    const oldest =
      counts.oldestPendingMs === null ? '' : `, the oldest for ${secondsOf(counts.oldestPendingMs)} s`;
    print(`${counts.dead} dead; ${counts.pending} to be delivered${oldest}`);
  });
}

async function retry({ team, id, json }: RetryOptions): Promise<void> {
  const one = id === undefined ? undefined : parseEventId(id);
  if (one === null) throw new UserError(`--id ${String(id)}: must be TEAM:NUMBER, such as acme:121`);
  await withSession(async ({ client, reader }) => {
    if (team !== undefined) await knownTeam(reader, team);
    if (one !== undefined) await mustBeDead(reader, one);
    const which = one ?? (team === undefined ? {} : { team });
    const found = one === undefined ? await deadOf(reader, team, MOST) : [one];
    if (found.length > 0) await client.retryEvents(which);
    if (json) printJson({ ...which, retried: found.length });
    else print(found.length === 0 ? 'no event is dead' : `${countOf(found.length)} will be delivered again`);
  });
}

async function mustBeDead(reader: LedgerReader, { team, seq }: { team: string; seq: number }): Promise<void> {
  const stored = await reader.event(team, seq);
  const id = eventIdOf(team, seq);
  if (stored === null) {
    throw new UserError(`event ${id} is unknown: see "flow-credits events list --team ${team}"`);
  }
  if (stored.status !== 'dead') {
    throw new UserError(`event ${id} is ${stored.status}, not dead: only what was given up is put back`);
  }
}

async function deadOf(
  reader: LedgerReader,
  team: string | undefined,
  limit: number,
): Promise<readonly StoredEvent[]> {
  return reader.deadEvents({ limit, ...(team === undefined ? {} : { team }) });
}

function countOf(events: number): string {
  if (events === 1) return 'one event';
  return events === MOST ? `${MOST} events or more` : `${events} events`;
}

function secondsOf(ms: number): number {
  return Math.max(0, Math.round(ms / 1000));
}

function asRow({ team, event, status, attempts, lastError }: StoredEvent): readonly string[] {
  const tried = attempts === 0 || status === 'delivered' ? '' : ` (${attempts} tried: ${lastError ?? ''})`;
  return [
    eventIdOf(team, event.seq),
    toIso(event.at),
    event.kind,
    `${status}${tried}`,
    JSON.stringify(event.data),
  ];
}

function asJson({ team, event, status, attempts, due, lastError, deliveredAt }: StoredEvent): object {
  const { seq, at, kind, data } = event;
  return {
    id: eventIdOf(team, seq),
    team,
    seq,
    type: kind,
    timestamp: toIso(at),
    data,
    delivery: {
      status,
      attempts,
      nextAttempt: status === 'pending' ? toIso(due) : null,
      lastError,
      deliveredAt: deliveredAt === null ? null : toIso(deliveredAt),
    },
  };
}
