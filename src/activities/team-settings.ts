import { type z } from 'zod';
import { parseCredits } from '../contracts/millicredits';
import { parseUsd } from '../contracts/money';
import { type alertsSchema, type backlogSchema, type UpsertTeam } from '../contracts/team';
import { type UpsertTeam as UpsertOperation } from '../ledger/core/operations';
import { DEFAULT_ALERTS } from '../ledger/core/settings';
import { type AlertSettings, type Backlog } from '../ledger/core/types';

const SECOND_MS = 1000;

/** A team's settings as they are told, as the ledger's operation. What is left out stays as it is. */
export function upsertOf(team: string, settings: UpsertTeam): UpsertOperation {
  const { plan, anchor, timeZone, overdraftPolicy, requestId, actor } = settings;
  const { openingCredits, customIncludedCredits, runLimitCredits, paygRate, backlog, alerts } = settings;
  return {
    kind: 'upsertTeam',
    team,
    plan,
    anchor: anchor.length === 16 ? `${anchor}:00` : anchor,
    timeZone,
    ...told({ overdraftPolicy, requestId, actor }),
    ...told({
      openingBalance: openingCredits === undefined ? undefined : parseCredits(openingCredits),
      customIncluded: unlessNull(customIncludedCredits, parseCredits),
      runLimit: unlessNull(runLimitCredits, parseCredits),
      paygRate: unlessNull(paygRate, ({ usd, credits }) => ({
        microUsd: parseUsd(usd),
        credits: BigInt(credits),
      })),
      backlog: backlog === undefined ? undefined : backlogOf(backlog),
      alerts: alerts === undefined ? undefined : alertsOf(alerts),
    }),
  };
}

function backlogOf(told: z.output<typeof backlogSchema>): Backlog {
  const rules = Object.entries(told).map(([trigger, { policy, longestWaitSeconds, mostWaiting }]) => [
    trigger,
    {
      policy,
      longestWaitMs: longestWaitSeconds === undefined ? null : longestWaitSeconds * SECOND_MS,
      mostWaiting: mostWaiting ?? null,
    },
  ]);
  return Object.fromEntries(rules) as Backlog;
}

function alertsOf({ percent, paygUsd }: z.output<typeof alertsSchema>): AlertSettings {
  return { percent: percent ?? DEFAULT_ALERTS.percent, payg: paygUsd?.map(parseUsd) ?? null };
}

function unlessNull<T, U>(value: T | null | undefined, parse: (value: T) => U): U | null | undefined {
  if (value === null) return null;
  return value === undefined ? undefined : parse(value);
}

type Told<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Without what was not told. */
function told<T extends object>(values: T): Told<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Told<T>;
}
