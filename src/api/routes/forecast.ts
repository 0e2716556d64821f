import { type TeamOverview, type UsageReport } from '../../ledger/read';
import { dayOf, daysOf } from '../../ledger/read/periods';
import { forecast, LEAST_DAYS, LOOK_BACK_DAYS, type UsedDay } from '../forecast';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { unknownTeam } from '../problem';
import { teamParams } from '../schemas/common';
import { forecastBody, forecastSchema } from '../schemas/forecast';

const DAY_MS = 86_400_000;

export function forecastRoutes(app: Api, { reader }: ApiOptions): void {
  app.get(
    '/teams/:team/forecast',
    reads(
      'getForecast',
      {
        tag: 'teams',
        summary: 'The day the credits run out',
        description:
          `By what the last ${LOOK_BACK_DAYS} whole days used, since usage began. Says so where ${LEAST_DAYS} whole days ` +
          'have not passed since.',
      },
      { params: teamParams, response: { 200: forecastSchema } },
    ),
    async ({ params: { team } }) => {
      const overview = await reader.team(team);
      if (overview === null) throw unknownTeam(team);
      const { at: now, period, timeZone } = overview;
      const past = daysOf(now - (LOOK_BACK_DAYS + 1) * DAY_MS, now, timeZone);
      // The last day is today, which is not over; the first may be cut.
      const starts = past.starts.slice(-(LOOK_BACK_DAYS + 1)).map(Number);
      const names = past.names.slice(-(LOOK_BACK_DAYS + 1));
      const [from = now, today = now] = [starts[0], starts.at(-1)];
      const usage = from < today ? await reader.usage(team, { by: 'day', from, to: today }) : null;
      const remaining = remainingOf(overview);
      const found = forecast({
        now,
        periodEnd: period.end,
        remaining,
        days: wholeDays(names, starts, usage),
      });
      return forecastBody(found, {
        remaining,
        nextReset: period.end,
        timeZone,
        daysNeeded: LEAST_DAYS,
        dayOf: (at) => dayOf(at, timeZone),
      });
    },
  );
}

function remainingOf({ balances }: TeamOverview): bigint {
  return Object.values(balances).reduce((sum, { available, held }) => sum + available + held, 0n);
}

function wholeDays(
  names: readonly string[],
  starts: readonly number[],
  usage: UsageReport | null,
): UsedDay[] {
  const used = new Map((usage?.rows ?? []).map(({ key, amount }) => [key, amount as bigint]));
  return names.slice(0, -1).map((name, index) => ({
    start: starts[index] ?? 0,
    end: starts[index + 1] ?? 0,
    used: used.get(name) ?? 0n,
  }));
}
