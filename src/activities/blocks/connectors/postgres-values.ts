import { parse as parseArray } from 'postgres-array';
import { type Json } from '../../../contracts/json';
import { parseJson } from '../json';

/**
 * A column's text as JSON. `bigint` and `numeric` stay text: as numbers they could lose digits. Dates and times are ISO
 * 8601, with an offset where the type has one; `bytea` is `{base64}`. What has no counterpart in JSON is text as Postgres
 * writes it.
 */
export function cellValue(type: number, text: string): Json {
  const element = ELEMENT_OF[type];
  if (element !== undefined) return parseArray(text, (member) => scalar(element, member));
  return scalar(type, text);
}

/** The element types of the usual arrays, by the oids of `pg_type`. */
const ELEMENT_OF: Readonly<Record<number, number>> = {
  199: 114,
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1187: 1186,
  1231: 1700,
  1270: 1266,
  2951: 2950,
  3807: 3802,
};

function scalar(type: number, text: string): Json {
  switch (type) {
    case 16:
      return text === 't';
    case 17:
      return { base64: Buffer.from(text.slice(2), 'hex').toString('base64') };
    // smallint, integer, oid
    case 21:
    case 23:
    case 26:
      return Number(text);
    // real, double precision: JSON has no NaN and no infinity.
    case 700:
    case 701:
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 114:
    case 3802:
      return parseJson(text);
    // timestamp, timestamptz, timetz
    case 1114:
    case 1184:
    case 1266:
      return isoOf(text);
    default:
      return text;
  }
}

/** `2026-01-02 03:04:05.5+00` is `2026-01-02T03:04:05.5Z`; `infinity`, and years before Christ, stay as they are. */
function isoOf(text: string): string {
  const [, date, time, zone = ''] =
    /^(\d{4,}-\d\d-\d\d )?(\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d(?::\d\d)*)?$/.exec(text) ?? [];
  if (time === undefined) return text;
  const offset = zone === '+00' ? 'Z' : /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone;
  return `${date === undefined ? '' : `${date.trim()}T`}${time}${offset}`;
}
