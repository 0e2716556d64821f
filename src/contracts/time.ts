/** A moment, in whole milliseconds since 1970-01-01T00:00:00Z. Rules get it from the ledger, never from a clock. */
export type Instant = number;

/** A wall time without a zone, `2026-01-31T09:00:00`. */
export type LocalDateTimeText = string;

export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}
