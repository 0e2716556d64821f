import { type Json } from './json';

/**
 * How large things may be. No zod here: the interpreter counts with the same bounds. A payload of Temporal's holds at
 * most 2 MB, and a run that continues as new carries its flow and its state in one: so the sum stays well below.
 */

/** Of a flow, with all the flows it calls. */
export const FLOW_MOST_BYTES = 512 * 1024;
/** Of a flow's JSON Schemas together: they are compiled, which takes its time. */
export const SCHEMAS_MOST_BYTES = 128 * 1024;
/** Of one value that a block delivers, and of a run's input. */
export const VALUE_MOST_BYTES = 512 * 1024;
/** Of the list that a loop gathers: a hundred thousand short values. It is no result of an activity. */
export const GATHERED_MOST_BYTES = 768 * 1024;
/** Of all that is delivered to one block together. */
export const INPUT_MOST_BYTES = 1024 * 1024;
/** Of all values that a run still needs. */
export const STATE_MOST_BYTES = 1024 * 1024;

/** How deep flows may lie in each other: the bodies of loops, and called flows. A block's key grows with it. */
export const NESTING_MOST = 8;

/** Bytes of a text in UTF-8. Written out, because the workflow sandbox need not have an encoder. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is 4 bytes, so each half counts 2.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: Json): number {
  return utf8Bytes(JSON.stringify(value));
}

/** Of a failure's message, in characters: it is for people, and goes into histories and a run's state. */
export const MESSAGE_MOST_CHARACTERS = 2_000;

/** A text of at most so many characters, and `…` where it was longer. */
export function cutText(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** `"1.5 MB"`, `"12 kB"`, `"300 bytes"`: for messages. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
