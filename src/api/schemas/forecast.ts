import { z } from 'zod';
import { type Basis, type Forecast } from '../forecast';
import { moment, text } from '../wire';
import { millicreditsSchema, momentSchema } from './common';
import { documented } from './registry';

const basisSchema = z
  .object({ from: momentSchema, to: momentSchema, days: z.int(), used: millicreditsSchema })
  .register(documented, {
    id: 'ForecastBasis',
    description: 'What it stands on: so much in so many whole days.',
  });

export const forecastSchema = z
  .object({
    status: z.enum(['too-little-data', 'out', 'runs-out', 'lasts']).register(documented, {
      description:
        'too-little-data: fewer whole days since usage began than it takes; out: nothing is left; runs-out: `at`, on ' +
        '`day`; lasts: until the reset, with so much left.',
    }),
    remaining: millicreditsSchema,
    nextReset: momentSchema,
    timeZone: z.string(),
    at: momentSchema.nullable(),
    day: z.iso.date().nullable().register(documented, { description: 'In the team’s time zone.' }),
    leftAtReset: millicreditsSchema.nullable(),
    basis: basisSchema.nullable(),
    daysNeeded: z.int(),
  })
  .register(documented, {
    id: 'Forecast',
    description:
      'The day the credits run out if usage goes on as before. Exact of what it stands on, and no more.',
  });

export interface ForecastPlace {
  readonly remaining: bigint;
  readonly nextReset: number;
  readonly timeZone: string;
  readonly daysNeeded: number;
  /** The day a moment lies on. */
  readonly dayOf: (at: number) => string | null;
}

export function forecastBody(
  found: Forecast,
  { remaining, nextReset, timeZone, daysNeeded, dayOf }: ForecastPlace,
): z.infer<typeof forecastSchema> {
  const at = found.status === 'runs-out' ? found.at : null;
  return {
    status: found.status,
    remaining: text(remaining),
    nextReset: moment(nextReset),
    timeZone,
    at: at === null ? null : moment(at),
    day: at === null ? null : dayOf(at),
    leftAtReset: found.status === 'lasts' ? text(found.leftAtReset) : null,
    basis: found.status === 'too-little-data' || found.basis === null ? null : basisBody(found.basis),
    daysNeeded,
  };
}

function basisBody({ from, to, days, used }: Basis): z.infer<typeof basisSchema> {
  return { from: moment(from), to: moment(to), days, used: text(used) };
}
