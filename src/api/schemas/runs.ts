import { z } from 'zod';
import { type LedgerRun } from '../../ledger/read';
import { moment, momentOrNull, text, textOrNull } from '../wire';
import {
  locationWord,
  millicreditsSchema,
  momentSchema,
  pageOf,
  provenanceSchema,
  triggerWord,
} from './common';
import { documented, said } from './registry';

export const RUN_STATUSES = ['waiting', 'admitted', 'closed', 'left'] as const;

const runShape = {
  runId: z.string().register(documented, { description: 'The ledger’s id.' }),
  workflowId: z.string(),
  flow: z.string(),
  status: z.enum(RUN_STATUSES).register(documented, {
    description:
      'waiting in the line; admitted: under way; closed: ended; left: gone from the line before it was admitted.',
  }),
  closeReason: z
    .string()
    .nullable()
    .register(documented, { description: 'How it ended: completed, failed, discarded…' }),
  mode: z.enum(['enforce', 'observe']),
  trigger: triggerWord,
  location: locationWord,
  rateCard: z.string().register(documented, { description: 'The one it was pinned to when it asked.' }),
  requiresCredits: z.boolean(),
  least: said(millicreditsSchema, 'Its least estimate under its rate card.'),
  likely: said(millicreditsSchema, 'Its likely estimate under its rate card.'),
  limit: millicreditsSchema
    .nullable()
    .register(documented, { description: 'The most it may be charged; null: no limit.' }),
  held: millicreditsSchema,
  charged: said(millicreditsSchema, 'The sum of its charges; what was reversed since is not taken away.'),
  askedAt: momentSchema,
  admittedAt: momentSchema.nullable(),
  endedAt: momentSchema.nullable(),
  waited: z.boolean().register(documented, { description: 'Whether it ever stood in the line.' }),
};

export const runSchema = z
  .object(runShape)
  .register(documented, { id: 'Run', description: 'A run as the ledger knows it.' });
export type RunBody = z.infer<typeof runSchema>;
export const runsSchema = pageOf(runSchema).register(documented, { id: 'Runs' });

export const SOURCES = ['included', 'purchased', 'adjustment', 'payg', 'overdraft'] as const;

const lineSchema = z
  .object({
    what: z.string(),
    quantity: z.string(),
    unitMillicredits: millicreditsSchema,
    millicredits: millicreditsSchema,
    row: z.string().register(documented, { description: 'Path of the row in the rate card.' }),
    provenance: provenanceSchema,
    source: z.string().nullable().register(documented, {
      description: 'Where the row comes from; null: the card is not loaded here any more.',
    }),
  })
  .register(documented, {
    id: 'ChargeLine',
    description: 'One line of a charge; the lines add up to it.',
    examples: [
      {
        what: 'HTTP Request',
        quantity: '1',
        unitMillicredits: '1000',
        millicredits: '1000',
        row: 'blocks.http-request',
        provenance: 'documented',
        source: 'Postman, Manage your team’s Postman Flows credit usage',
      },
    ],
  });

export const chargeSchema = z
  .object({
    entry: z.int().register(documented, { description: 'Its number in the team’s book.' }),
    key: z
      .string()
      .register(documented, { description: 'The block’s path, with every iteration: `for1[3]/h`.' }),
    type: z
      .string()
      .nullable()
      .register(documented, { description: 'Block or activity type; null: the run itself.' }),
    at: momentSchema,
    period: z.int(),
    millicredits: millicreditsSchema,
    lines: z.array(lineSchema),
    sources: z.array(
      z.object({
        source: z.enum(SOURCES),
        grant: z
          .int()
          .nullable()
          .register(documented, { description: 'Of credits that were given: their number.' }),
        millicredits: millicreditsSchema,
      }),
    ),
    reversals: z.array(
      z.object({
        entry: z.int(),
        line: z.int().nullable().register(documented, { description: 'Null: all that was left of it.' }),
        millicredits: millicreditsSchema,
      }),
    ),
    usage: z
      .unknown()
      .register(documented, { description: 'What it used, as it was reported: models, tools, units.' }),
    failed: z.boolean(),
    late: z.boolean().register(documented, { description: 'Came after the run was closed.' }),
    unreserved: z.boolean().register(documented, { description: 'Had no reservation: the ledger was away.' }),
  })
  .register(documented, {
    id: 'Charge',
    description: 'One charge, explained: its lines add up to it, and so do its sources.',
  });
export type ChargeBody = z.infer<typeof chargeSchema>;

export const runDetailSchema = z
  .object({
    ...runShape,
    place: z
      .int()
      .nullable()
      .register(documented, { description: 'In the line, counted from 1; null: it does not wait.' }),
    runner: z
      .object({
        taskQueue: z
          .string()
          .register(documented, { description: 'Where its blocks wait for the team’s private runner.' }),
        polled: z.boolean().register(documented, {
          description:
            'False: nobody has polled for 90 seconds, and its blocks wait; `flow-credits runner --team TEAM` starts one.',
        }),
      })
      .nullable()
      .register(documented, {
        description:
          'Of a run that is under way on a private runner. Null: it executes elsewhere, it waits in the line or has ' +
          'ended, or Temporal did not say within two seconds.',
      }),
    reversed: said(millicreditsSchema, 'How much of its charges was reversed.'),
    chargeCount: z.int(),
    charges: pageOf(chargeSchema),
  })
  .register(documented, {
    id: 'RunDetail',
    description: 'A run and its charges, page by page, each explained.',
  });

export function runBody(run: LedgerRun): RunBody {
  const { context, holds } = run;
  return {
    runId: run.runId,
    workflowId: run.workflowId,
    flow: run.flow,
    status: run.status,
    closeReason: run.closeReason,
    mode: run.mode,
    trigger: context.trigger,
    location: context.location,
    rateCard: run.rateCard,
    requiresCredits: run.requiresCredits,
    least: text(run.least),
    likely: text(run.likely),
    limit: textOrNull(run.limit),
    held: text(holds.reduce((sum, { amount }) => sum + amount, 0n)),
    charged: text(run.charged),
    askedAt: moment(run.askedAt),
    admittedAt: momentOrNull(run.admittedAt),
    endedAt: momentOrNull(run.closedAt),
    waited: run.place !== null,
  };
}
