import { type Instant } from '../../contracts/time';

/** Where a page of runs ended: the next one begins after it. */
export interface RunCursor {
  readonly askedAt: Instant;
  readonly runId: string;
}

/** As it is handed out: `1767225600000.flow-run-1:abc`. */
export function cursorText({ askedAt, runId }: RunCursor): string {
  return `${askedAt}.${runId}`;
}

/** Null for what no page ever handed out. */
export function cursorFrom(text: string): RunCursor | null {
  const [, askedAt, runId] = /^(\d{1,15})\.(.+)$/s.exec(text) ?? [];
  return askedAt === undefined || runId === undefined ? null : { askedAt: Number(askedAt), runId };
}
