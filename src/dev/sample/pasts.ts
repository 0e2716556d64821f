import { toIso, type Instant } from '../../contracts/time';
import { type Plays } from './flows';
import { type PastTeam } from './past-team';

/** What each team did until today: as many days as it is old, through at least one reset. */

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const ADMIN = 'olga@juniper.example';
const OPERATOR = 'ops@platform.example';

/** Where a team's periods lie. */
export interface Periods {
  /** The wall time, UTC, at which its first one began, and the moment of it. */
  readonly anchor: string;
  readonly first: Instant;
  /** When the present one began. */
  readonly present: Instant;
}

/** Periods of which the present one is so many days old, and so many have ended before it. */
export function periodsOf(now: Instant, days: number, ended: number): Periods {
  const began = new Date(now - days * DAY_MS);
  began.setUTCHours(0, 0, 0, 0);
  // A day that every month has.
  while (began.getUTCDate() > 28) began.setUTCDate(began.getUTCDate() - 1);
  const first = new Date(began);
  first.setUTCMonth(first.getUTCMonth() - ended);
  const anchor = `${toIso(first.getTime()).slice(0, 10)}T00:00:00`;
  return { anchor, first: first.getTime(), present: began.getTime() };
}

export type Story = (past: PastTeam, plays: Plays, periods: Periods, now: Instant) => Promise<void>;

/** Solo. It spends what it has before the month is over: one run waits for the reset. Today little is left. */
export const runOutStory: Story = async (past, { review, report }, { anchor, first, present }, now) => {
  await past.command('upsertTeam', OPERATOR, { plan: 'solo', anchor, timeZone: 'UTC' });
  let waits = false;
  for (const { day, at } of daysBetween(first, present)) {
    if (waits || day % 2 === 1) continue;
    past.goTo(at(10.3));
    ({ waits } = await past.run(review, 'webhook'));
    if (waits || day % 6 !== 0) continue;
    past.goTo(at(22));
    ({ waits } = await past.run(report, 'schedule'));
  }
  past.goTo(present + 90_000);
  await past.release();
  for (const { day, at } of daysBetween(present, now)) {
    if (day % 3 === 1) {
      past.goTo(at(11.2));
      await past.run(review, 'webhook', day % 9 === 4 ? 'tax' : undefined);
    }
    if (day % 7 === 4) {
      past.goTo(at(22));
      await past.run(report, 'schedule');
    }
  }
};

/** Enterprise. Everything there is: agents, pictures, a pack, pay-as-you-go, a correction, a run given back. */
export const enterpriseStory: Story = async (past, plays, { anchor, first, present }, now) => {
  const { review, report, welcome, answers, pictures } = plays;
  await past.command('upsertTeam', OPERATOR, { plan: 'team', anchor, timeZone: 'UTC' });
  let answered = 0;
  for (const { day, at, weekend } of daysBetween(first, now)) {
    past.goTo(at(2));
    await past.run(report, 'schedule');
    past.goTo(at(7.5));
    if (day === 1) await past.command('changePlan', OPERATOR, { plan: 'enterprise' });
    if (day === 2) await past.command('addCredits', OPERATOR, packFrom(at(0)));
    if (day === 3) await past.command('setPayAsYouGo', ADMIN, { enabled: true, capUsd: '5.00' });
    if (at(0) === present) await past.command('setPayAsYouGo', ADMIN, { enabled: true, capUsd: '2.50' });
    if (at(0) === present + 4 * DAY_MS)
      await past.command('adjustCredits', OPERATOR, { credits: '20', reason: 'goodwill: an outage' });
    if (weekend) continue;
    past.goTo(at(8.4));
    await past.run(review, 'api');
    if (day % 3 !== 2) {
      past.goTo(at(10.7));
      await past.run(welcome, 'webhook', day % 11 === 6 ? 'manager' : undefined);
    }
    past.goTo(at(13.1));
    const { runId } = await past.run(
      answers,
      day % 4 === 0 ? 'manual' : 'mcp',
      day % 17 === 8 ? 'reply' : undefined,
    );
    answered += 1;
    if (answered === 30) {
      await past.command('reverseRun', OPERATOR, { runId, reason: 'the model answered nonsense' });
    }
    if (day % 2 === 0) {
      past.goTo(at(15.6));
      await past.run(pictures, 'api');
    }
  }
};

/** Free. It uses less than it has, and the rest expires. */
export const freeStory: Story = async (past, { report }, { anchor, first }, now) => {
  await past.command('upsertTeam', OPERATOR, { plan: 'free', anchor, timeZone: 'UTC' });
  for (const { day, at } of daysBetween(first, now)) {
    if (day % 3 !== 0) continue;
    past.goTo(at(9.5));
    await past.run(report, 'api');
  }
};

function packFrom(start: Instant): object {
  return {
    credits: '300',
    expiresAt: toIso(start + 200 * DAY_MS),
    note: 'order 4711',
    paid: { amount: '3.00', currency: 'USD', reference: 'INV-2041' },
  };
}

interface Day {
  /** Counts from 0. */
  readonly day: number;
  /** So many hours into it. */
  readonly at: (hours: number) => Instant;
  readonly weekend: boolean;
}

/** Whole days alone: what is left of the last one is today's. */
function daysBetween(first: Instant, end: Instant): readonly Day[] {
  return Array.from({ length: Math.floor((end - first) / DAY_MS) }, (_, day) => {
    const start = first + day * DAY_MS;
    return {
      day,
      at: (hours) => start + Math.round(hours * HOUR_MS),
      weekend: [0, 6].includes(new Date(start).getUTCDay()),
    };
  });
}
