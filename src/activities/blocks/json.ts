import { type Json } from '../../contracts/json';

/** What `JSON.parse` makes is JSON by definition; here that is said once. Throws `SyntaxError`. */
export function parseJson(text: string): Json {
  return JSON.parse(text) as Json;
}

export type JsonObject = Record<string, Json>;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
