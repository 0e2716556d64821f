import { z } from 'zod';
import { type InLine } from '../../ledger/read';
import { moment, text } from '../wire';
import { locationWord, millicreditsSchema, momentSchema, nextCursorSchema, triggerWord } from './common';
import { documented, said } from './registry';

const inLineSchema = z
  .object({
    runId: z.string(),
    workflowId: z.string(),
    flow: z.string(),
    trigger: triggerWord,
    location: locationWord,
    place: z.int().register(documented, { description: 'Counted from 1.' }),
    since: momentSchema,
    least: millicreditsSchema,
    hold: said(millicreditsSchema, 'What it will set aside when it goes.'),
    likely: millicreditsSchema,
    reason: z.enum(['spent', 'held']).register(documented, {
      description: 'Why it waits: everything is spent, or what is left is held by other runs.',
    }),
    goes: z
      .object({
        at: momentSchema,
        resets: z.int().register(documented, { description: '0: now; n: at the n-th reset.' }),
      })
      .nullable()
      .register(documented, { description: 'When it goes if nothing changes; null: never.' }),
  })
  .register(documented, { id: 'InLine', description: 'A run that waits for credits.' });
export type InLineBody = z.infer<typeof inLineSchema>;

export const lineSchema = z
  .object({
    items: z.array(inLineSchema),
    nextCursor: nextCursorSchema,
    waiting: z.int().register(documented, { description: 'So many wait in all.' }),
    nextReset: momentSchema,
  })
  .register(documented, { id: 'Line', description: 'Who waits, in order.' });

export function inLineBody(run: InLine): InLineBody {
  const { goes } = run;
  return {
    runId: run.runId,
    workflowId: run.workflowId,
    flow: run.flow,
    trigger: run.trigger,
    location: run.location,
    place: run.place,
    since: moment(run.since),
    least: text(run.least),
    hold: text(run.hold),
    likely: text(run.likely),
    reason: run.reason,
    goes: goes === null ? null : { at: moment(goes.at), resets: goes.resets },
  };
}
