import { stringify } from 'csv-stringify/sync';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type PageSizes } from './schemas/common';

type Cell = string | number | boolean | null;

/** Rows of an answer as CSV: a column for each name, in this order. */
export interface Table<Row> {
  readonly columns: Readonly<Record<string, (row: Row) => Cell>>;
}

/** Whether CSV is asked for, and not only accepted: what stands first counts. JSON is what one gets unasked. */
export function wantsCsv({ headers }: FastifyRequest): boolean {
  const wanted = (headers.accept ?? '').split(',').map((one) => {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) };
  });
  const qualityOf = (types: readonly string[]): number =>
    Math.max(0, ...wanted.filter(({ type }) => types.includes(type)).map(({ quality }) => quality || 0));
  const csv = qualityOf(['text/csv']);
  return csv > 0 && csv > qualityOf(['application/json']);
}

/** How many rows a page has where nobody said: what goes into a file comes in as few pages as may be. */
export function rowsUnlessTold(request: FastifyRequest, { usual, most }: PageSizes): number {
  return wantsCsv(request) ? most : usual;
}

/** The page as CSV. The next page is told in the header `Link`, as RFC 8288 has it. */
export function sendCsv<Row>(
  request: FastifyRequest,
  reply: FastifyReply,
  { columns }: Table<Row>,
  { items, nextCursor }: { readonly items: readonly Row[]; readonly nextCursor: string | null },
): FastifyReply {
  if (nextCursor !== null) reply.header('link', `<${nextAddress(request, nextCursor)}>; rel="next"`);
  return reply.type('text/csv; charset=utf-8').send(csvOf({ columns }, items));
}

export function csvOf<Row>({ columns }: Table<Row>, rows: readonly Row[]): string {
  const cells = Object.values(columns);
  return stringify([Object.keys(columns), ...rows.map((row) => cells.map((cell) => asData(cell(row))))]);
}

function nextAddress({ url }: FastifyRequest, cursor: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}

/** Text that a spreadsheet would take for a formula is quoted as text; numbers stay numbers. */
function asData(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}
