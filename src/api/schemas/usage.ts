import { z } from 'zod';
import { USAGE_BY, type UsageAmounts, type UsageReport, type UsageRow } from '../../ledger/read';
import { moment, text } from '../wire';
import {
  tableLimitParam,
  wholeParam,
  millicreditsSchema,
  momentSchema,
  nextCursorSchema,
  cursorParam,
} from './common';
import { documented, said } from './registry';

const amounts = {
  charges: z.int(),
  amount: said(millicreditsSchema, 'Charged, less what was reversed of it since.'),
  reversed: millicreditsSchema,
  included: millicreditsSchema,
  purchased: millicreditsSchema,
  adjustment: millicreditsSchema,
  payg: millicreditsSchema,
  overdraft: millicreditsSchema,
};

const rowSchema = z
  .object({
    key: z.string().register(documented, {
      description:
        'A day in the team’s time zone, a flow’s name, a block type (`run`: the run itself), or a run’s id.',
    }),
    workflowId: z.string().nullable(),
    flow: z.string().nullable(),
    ...amounts,
  })
  .register(documented, {
    id: 'UsageRow',
    description: 'Usage of one day, flow, type or run, and where it came from.',
  });

export const usageSchema = z
  .object({
    by: z.enum(USAGE_BY),
    timeZone: z.string(),
    from: momentSchema,
    to: momentSchema,
    period: z.int().nullable(),
    items: z.array(rowSchema),
    total: z
      .object(amounts)
      .register(documented, { description: 'Of all rows, also of those on other pages.' }),
    nextCursor: nextCursorSchema,
  })
  .register(documented, {
    id: 'Usage',
    description: 'Days in order, all others dearest first. `to` is exclusive.',
  });

const momentParam = z.iso.datetime({ offset: true });

/** Periods are counted in months from the anchor: more is no period of anybody. */
const PERIOD_MOST = 12_000;

export const USAGE_SIZES = { usual: 500, most: 10_000 };

export const usageQuery = z.strictObject({
  by: z.enum(USAGE_BY).default('day').register(documented, { description: 'What a row is one of.' }),
  period: wholeParam(-PERIOD_MOST, PERIOD_MOST)
    .optional()
    .register(documented, { description: 'A billing period by its index; left out: the current one.' }),
  from: momentParam.optional().register(documented, { description: 'Charges from then on, across periods.' }),
  to: momentParam
    .optional()
    .register(documented, { description: 'Exclusive. Days: at most 3,660 from `from`.' }),
  limit: tableLimitParam(USAGE_SIZES),
  cursor: cursorParam,
});

export function usageBody(report: UsageReport, nextCursor: string | null): z.infer<typeof usageSchema> {
  const { by, timeZone, from, to, period, rows, total } = report;
  return {
    by,
    timeZone,
    from: moment(from),
    to: moment(to),
    period,
    items: rows.map(rowBody),
    total: amountsBody(total),
    nextCursor,
  };
}

function rowBody({ key, workflowId, flow, ...amounts }: UsageRow): z.infer<typeof rowSchema> {
  return { key, workflowId, flow, ...amountsBody(amounts) };
}

function amountsBody(of: UsageAmounts) {
  return {
    charges: of.charges,
    amount: text(of.amount),
    reversed: text(of.reversed),
    included: text(of.included),
    purchased: text(of.purchased),
    adjustment: text(of.adjustment),
    payg: text(of.payg),
    overdraft: text(of.overdraft),
  };
}
