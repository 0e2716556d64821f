import { z } from 'zod';
import { documented } from './registry';

const csvSchema = z.string().register(documented, {
  id: 'Csv',
  description:
    'The same rows as CSV, the first line names the columns. Columns named `…Credits` are whole credits with up to three ' +
    'decimals, `12.5`, not the millicredits of JSON; `…Usd` are dollars. Text that a spreadsheet would take for a formula begins ' +
    'with an apostrophe. The next page is in the header `Link`.',
});

/** An answer that comes as JSON, or as CSV to who asks for it. */
export function jsonOrCsv<Body extends z.ZodType>(description: string, body: Body) {
  return {
    description,
    content: { 'application/json': { schema: body }, 'text/csv': { schema: csvSchema } },
  } as const;
}
