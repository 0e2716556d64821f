import { type AiMediaConfig } from '../../../contracts/blocks-ai';
import { decimalTextSchema } from '../../../contracts/usage';
import { type Json } from '../../../contracts/json';
import { BlockError } from '../errors';
import { isObject, parseJson } from '../json';
import { type ImageCost } from './providers';

/** What a picture cost, in dollars, as decimal text. Digits are taken as they come: no float is made of them. */

/** Before the call: the price where it is listed, null where the answer will tell it. Throws `MediaUnpriced`. */
export function listedCost(
  cost: ImageCost,
  { provider, model, size, quality }: AiMediaConfig,
): string | null {
  if (!('list' in cost)) return null;
  const row = cost.list.find(
    (each) =>
      (each.size === undefined || each.size === size) &&
      (each.quality === undefined || each.quality === quality),
  );
  if (row !== undefined) return row.usd;
  const wanted = [size ?? 'its usual size', quality ?? 'its usual quality'].join(', ');
  throw new BlockError(
    'MediaUnpriced',
    `AI provider "${provider}" lists no cost of a picture by "${model}" in ${wanted}; ask for one that is listed, or list this one`,
  );
}

/** What an answer says of its cost; null if it does not. */
export function toldCost(cost: ImageCost, headers: Headers, body: string): string | null {
  if ('header' in cost) return decimal(headers.get(cost.header));
  return 'field' in cost ? decimal(fieldOf(numbersAsText(body), cost.field)) : null;
}

function fieldOf(body: Json, field: string): Json | undefined {
  return field
    .split('.')
    .reduce<Json | undefined>(
      (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      body,
    );
}

const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON with every number as the text it was written in. */
function numbersAsText(json: string): Json {
  return parseJson(json.replace(TEXT_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}

const PARTS = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** `1.25e-3` is `0.00125`; null for what is no amount of money. */
function decimal(text: Json | undefined): string | null {
  const parts = typeof text === 'string' ? PARTS.exec(text.trim()) : null;
  if (parts === null) return null;
  const [, whole = '0', fraction = '', exponent = '0'] = parts;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padStart(whole.length + fraction.length - Math.min(0, point), '0');
  const at = Math.max(0, point);
  const padded = digits.padEnd(at, '0');
  const after = padded.slice(at);
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const plain = `${before === '' ? '0' : before}${after === '' ? '' : `.${after}`}`;
  return decimalTextSchema.safeParse(plain).success ? plain : null;
}
