/** Where an ordinary workflow names the team whose credits it uses. No zod here: workflows import this file. */

/** A place in a workflow's start, as data: the workflow bundle carries it. */
export type TeamPlace =
  /** A path into the arguments: `args[0].teamId`. */
  | { readonly argument: string }
  | { readonly header: string }
  | { readonly memo: string }
  | { readonly searchAttribute: string };

/** What a workflow's start says. */
export interface StartFacts {
  readonly args: readonly unknown[];
  readonly headers: Readonly<Record<string, unknown>>;
  readonly memo: Readonly<Record<string, unknown>>;
  readonly searchAttributes: Readonly<Record<string, unknown>>;
}

/** What stands at the place; undefined or null where nothing does. */
export function teamAt(place: TeamPlace, start: StartFacts): unknown {
  if ('memo' in place) return child(start.memo, place.memo);
  if ('header' in place) return child(start.headers, place.header);
  if ('searchAttribute' in place) return child(start.searchAttributes, place.searchAttribute);
  return (argumentPath(place.argument) ?? []).reduce<unknown>(child, start.args);
}

function child(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

/** `args[0].teamId`, or `0.teamId`, as keys; null where it is neither. */
export function argumentPath(text: string): readonly string[] | null {
  const path = /^(?:args\[(\d+)\]|(\d+))((?:\.[^.[\]\s]+|\[\d+\])*)$/.exec(text);
  if (path === null) return null;
  const [, bracketed, plain, rest = ''] = path;
  return [bracketed ?? plain ?? '', ...(rest.match(/[^.[\]]+/g) ?? [])];
}
