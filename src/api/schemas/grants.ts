import { z } from 'zod';
import { type GrantRow } from '../../ledger/read';
import { moment, momentOrNull, text } from '../wire';
import { millicreditsSchema, momentSchema, pageOf } from './common';
import { documented } from './registry';

const grantShape = {
  grant: z.int().register(documented, { description: 'Its number within the team.' }),
  period: z.int().register(documented, { description: 'In which it was given.' }),
  grantedAt: momentSchema,
  expiresAt: momentSchema.nullable().register(documented, { description: 'Null: never.' }),
  granted: millicreditsSchema,
  used: millicreditsSchema,
  held: millicreditsSchema,
  left: millicreditsSchema,
  expired: millicreditsSchema,
  withdrawn: millicreditsSchema,
  status: z.enum(['active', 'used', 'expired', 'voided']),
  note: z.string().nullable(),
};

const packSchema = z
  .object({
    ...grantShape,
    paid: z
      .object({ amount: z.string(), currency: z.string(), reference: z.string().nullable() })
      .nullable()
      .register(documented, { description: 'As it was told; nothing is computed with it.' }),
  })
  .register(documented, {
    id: 'Pack',
    description: 'Credits that were bought: granted = used + held + left + expired + withdrawn.',
  });
const adjustmentSchema = z
  .object(grantShape)
  .register(documented, { id: 'Adjustment', description: 'Credits given beside plan and packs.' });

export type PackBody = z.infer<typeof packSchema>;
export type AdjustmentBody = z.infer<typeof adjustmentSchema>;
export const packsSchema = pageOf(packSchema).register(documented, { id: 'Packs' });
export const adjustmentsSchema = pageOf(adjustmentSchema).register(documented, { id: 'Adjustments' });

export function adjustmentBody(row: GrantRow): AdjustmentBody {
  return {
    grant: row.grant,
    period: row.period,
    grantedAt: moment(row.grantedAt),
    expiresAt: momentOrNull(row.expiresAt),
    granted: text(row.granted),
    used: text(row.used),
    held: text(row.held),
    left: text(row.left),
    expired: text(row.expired),
    withdrawn: text(row.withdrawn),
    status: row.status,
    note: row.note,
  };
}

export function packBody(row: GrantRow): PackBody {
  return { ...adjustmentBody(row), paid: row.paid };
}
