import { z } from 'zod';
import { type Statement } from '../../ledger/read';
import { moment, periodOf, rateOf, text } from '../wire';
import { centsSchema, millicreditsSchema, momentSchema, pageOf, periodSchema, rateSchema } from './common';
import { documented, said } from './registry';

const statementSchema = z
  .object({
    period: periodSchema,
    plan: z.string(),
    closedAt: momentSchema,
    opening: millicreditsSchema,
    granted: millicreditsSchema,
    charged: millicreditsSchema,
    expired: millicreditsSchema,
    withdrawn: millicreditsSchema,
    closing: said(millicreditsSchema, 'opening + granted = charged + expired + withdrawn + closing.'),
    heldOverIn: millicreditsSchema,
    heldOverOut: millicreditsSchema,
    heldOverCharged: millicreditsSchema,
    heldOverReturned: millicreditsSchema,
    payAsYouGo: z.object({
      millicredits: millicreditsSchema,
      rate: rateSchema,
      cents: said(centsSchema, 'What is billed: rounded once, on the total, half up.'),
      reversed: said(millicreditsSchema, 'Of closed periods, given back in this one.'),
      reversedCents: centsSchema,
      heldOverIn: millicreditsSchema,
      heldOverOut: millicreditsSchema,
    }),
    overdraft: millicreditsSchema,
    overdraftPolicy: z.enum(['forgive', 'carry']),
    owed: millicreditsSchema,
  })
  .register(documented, { id: 'Statement', description: 'A closed period. It never changes.' });
export type StatementBody = z.infer<typeof statementSchema>;
export const statementsSchema = pageOf(statementSchema).register(documented, { id: 'Statements' });

export function statementBody(statement: Statement): StatementBody {
  return {
    period: periodOf(statement.period),
    plan: statement.plan,
    closedAt: moment(statement.closedAt),
    opening: text(statement.opening),
    granted: text(statement.granted),
    charged: text(statement.charged),
    expired: text(statement.expired),
    withdrawn: text(statement.withdrawn),
    closing: text(statement.closing),
    heldOverIn: text(statement.heldOverIn),
    heldOverOut: text(statement.heldOverOut),
    heldOverCharged: text(statement.heldOverCharged),
    heldOverReturned: text(statement.heldOverReturned),
    payAsYouGo: {
      millicredits: text(statement.payg),
      rate: rateOf(statement.paygRate),
      cents: text(statement.paygCents),
      reversed: text(statement.paygReversed),
      reversedCents: text(statement.paygReversedCents),
      heldOverIn: text(statement.paygHeldOverIn),
      heldOverOut: text(statement.paygHeldOverOut),
    },
    overdraft: text(statement.overdraft),
    overdraftPolicy: statement.overdraftPolicy,
    owed: text(statement.owed),
  };
}
