import { z } from 'zod';
import { eventIdOf } from '../../contracts/names';
import { EVENT_KINDS, type StoredEvent } from '../../client';
import { type AuditRow } from '../../ledger/read';
import { moment, momentOrNull, text } from '../wire';
import { millicreditsSchema, momentSchema, pageOf, rateSchema } from './common';
import { documented } from './registry';

const eventSchema = z
  .object({
    id: z
      .string()
      .register(documented, { description: '`team:seq`, for ever: who keeps it may import it twice.' }),
    seq: z.int(),
    type: z.enum(EVENT_KINDS),
    timestamp: momentSchema,
    data: z
      .record(z.string(), z.unknown())
      .register(documented, { description: 'What it says, by its type.' }),
    delivery: z.object({
      status: z.enum(['pending', 'delivered', 'dead', 'kept']),
      attempts: z.int(),
      nextAttempt: momentSchema.nullable(),
      deliveredAt: momentSchema.nullable(),
    }),
  })
  .register(documented, {
    id: 'Event',
    description: 'Something that happened to the team, as webhooks get it, and how its delivery goes.',
  });
export type EventBody = z.infer<typeof eventSchema>;
export const eventsSchema = pageOf(eventSchema).register(documented, { id: 'Events' });

export function eventBody({ team, event, status, attempts, due, deliveredAt }: StoredEvent): EventBody {
  return {
    id: eventIdOf(team, event.seq),
    seq: event.seq,
    type: event.kind,
    timestamp: moment(event.at),
    data: { ...event.data },
    delivery: {
      status,
      attempts,
      nextAttempt: status === 'pending' ? moment(due) : null,
      deliveredAt: momentOrNull(deliveredAt),
    },
  };
}

const settingSchema = z
  .object({
    plan: z.string(),
    nextPlan: z.string().nullable(),
    status: z.enum(['active', 'suspended', 'closed']),
    paygEnabled: z.boolean(),
    paygCap: z.string().nullable(),
    paygRate: rateSchema.nullable(),
    customIncluded: z.string().nullable(),
    overdraftPolicy: z.enum(['forgive', 'carry']),
    runLimit: z.string().nullable(),
    backlog: z.string().optional(),
    alerts: z.string().optional(),
  })
  .register(documented, { id: 'Setting', description: 'What the team was set to from then on.' });

const auditSchema = z
  .object({
    entry: z.int(),
    at: momentSchema,
    period: z.int(),
    kind: z.string().register(documented, { description: 'setting, grant, withdraw, reversal, discard…' }),
    actor: z.string(),
    reason: z.string().nullable(),
    requestId: z
      .string()
      .nullable()
      .register(documented, {
        description:
          'The command’s idempotency key. Null: a reversal, or settings, from before these kept theirs; or settings that ' +
          'the platform told without one.',
      }),
    reversed: z.object({ runId: z.string(), key: z.string(), line: z.int().nullable() }).nullable(),
    millicredits: millicreditsSchema,
    setting: settingSchema.nullable(),
  })
  .register(documented, { id: 'Audit', description: 'What somebody did to the team, by name.' });
export type AuditBody = z.infer<typeof auditSchema>;
export const auditsSchema = pageOf(auditSchema).register(documented, { id: 'Audits' });

export function auditBody(row: AuditRow): AuditBody {
  const { seq, at, period, kind, actor, reason, requestId, reversed, amount, setting } = row;
  return {
    entry: seq,
    at: moment(at),
    period,
    kind,
    actor,
    reason,
    requestId,
    reversed,
    millicredits: text(amount),
    setting: setting === null ? null : { ...setting },
  };
}
