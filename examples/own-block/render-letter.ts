import { BlockError, defineBlock } from 'temporal-flow-credits';
import { z } from 'zod';

/** Lays a letter out in pages, and is charged by the page. */
export const renderLetter = defineBlock({
  type: 'render-letter',
  description: 'Lays a letter out in pages of plain text.',
  // Every text is a template: `"to": "{{ input.name }}"`. What comes of it is held to this schema.
  config: z.strictObject({
    to: z.string().min(1),
    lines: z.array(z.string()).min(1),
    linesPerPage: z.int().min(5).max(60).default(40),
    mostPages: z.int().min(1).default(10),
  }),
  // Branches of the flow; a failure goes to `error` by itself.
  ports: ['out', 'too-long'],
  timeoutSeconds: 20,
  attempts: 2,
  execute: async ({ config, run, secret, signal }) => {
    signal.throwIfAborted();
    const pages = Math.ceil(config.lines.length / config.linesPerPage);
    if (pages > config.mostPages) return { port: 'too-long', value: { pages }, usage: { units: 0 } };
    const stamp = await secret('LETTER_STAMP');
    if (!stamp.startsWith(`${run.team}:`) && !stamp.startsWith('any:')) {
      // Named, so that a flow can tell it by its `error` port. It will be no better the next time.
      throw new BlockError('StampRefused', `the stamp ${stamp} is not one of team "${run.team}"`);
    }
    return {
      value: { to: config.to, pages, text: config.lines.join('\n') },
      // What the row of the rate card is priced by.
      usage: { units: pages },
    };
  },
});
