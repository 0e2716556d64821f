import { type Json } from '../../contracts/json';

interface Needle {
  readonly length: number;
  readonly pattern: RegExp;
  readonly mark: string;
}

const HTML: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const JSON_SHORT: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
};

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** A text of hex digits, in whatever case. */
function hex(text: string): string {
  return text.replace(/[a-f]/gi, (digit) => `[${digit.toLowerCase()}${digit.toUpperCase()}]`);
}

/**
 * One character as a server may write it back: as it is, percent-encoded, escaped in JSON or in HTML. Which characters an
 * encoder leaves alone differs from one to the next, so each may be written in each way.
 */
function formsOfCharacter(character: string, escaped: boolean): string {
  const bytes = [...Buffer.from(character, 'utf8')];
  const percent = bytes.map((byte) => `%${hex(byte.toString(16).padStart(2, '0'))}`).join('');
  // The backslash may itself be escaped: JSON inside of JSON.
  const units = Array.from({ length: character.length }, (_, place) => character.charCodeAt(place));
  const unicode = units
    .map((unit) => `${escaped ? '' : '\\\\{1,3}'}u${hex(unit.toString(16).padStart(4, '0'))}`)
    .join('');
  // After a backslash of the secret's own, those of an encoder are counted there. No text may have two readings: trying
  // both, for each character, has no end.
  const letter = JSON_SHORT[character];
  const short = escaped && letter === character ? undefined : letter;
  const named = HTML[character];
  const code = character.codePointAt(0) ?? 0;
  return [
    // The longer ones first: of `\\"` no backslash is to be left.
    ...(short === undefined ? [] : [`${escaped ? '' : '\\\\{1,3}'}${literal(short)}`]),
    percent,
    unicode,
    ...(named === undefined ? [] : [`&${named};`]),
    `&#0*${code};`,
    `&#[xX]0*${hex(code.toString(16))};`,
    ...(character === ' ' ? ['\\+'] : []),
    literal(character),
  ].join('|');
}

/**
 * What of a text's base64 is the same wherever in other bytes it stands: it begins at one of three places, and the digits
 * at its ends also depend on what is around it.
 */
function base64Of(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = [0, 2, 3][shift] ?? 0;
    const to = (shift + bytes.length) % 3 === 0 ? padded.length : padded.length - 1;
    const inner = padded.slice(from, to);
    // The whole one first, where it stands alone.
    return shift === 0 ? [padded, inner] : [inner];
  });
}

/** Backslashes in a row: as many or more, since each encoder doubles them; bounded, so that a text of them takes no time. */
function formsOfBackslashes(count: number): string {
  return `(?:\\\\|%5[cC]|&#0*92;|&#[xX]0*5[cC];){${count},${count * 4 + 3}}`;
}

function written(value: string): string {
  return [...value.matchAll(/\\+|[^]/gu)]
    .map(([piece], place, all) => {
      if (piece.startsWith('\\')) return formsOfBackslashes(piece.length);
      const before = all[place - 1]?.[0] ?? '';
      return `(?:${formsOfCharacter(piece, before.startsWith('\\'))})`;
    })
    .join('');
}

function patternOf(value: string): RegExp {
  const [whole = '', ...inner] = base64Of(value).map((text) =>
    literal(text).replace(/\\\+/g, '(?:[+-]|%2[Bb])').replace(/\\\//g, '(?:[/_]|\\\\\\/|%2[Ff])'),
  );
  const inHex = hex(Buffer.from(value, 'utf8').toString('hex'));
  return new RegExp([written(value), `${whole}={0,2}`, ...inner, inHex].join('|'), 'g');
}

const PATTERN_MOST = 512;

/**
 * A pattern has its limits: what is longer, such as a private key, is looked for as a whole in its usual forms, and then
 * in equal pieces.
 */
function patternsOf(value: string): readonly RegExp[] {
  const characters = Array.from(value);
  const count = Math.ceil(characters.length / PATTERN_MOST);
  if (count === 1) return [patternOf(value)];
  const size = Math.ceil(characters.length / count);
  const usual = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8')),
  ];
  const pieces = Array.from({ length: count }, (_, place) =>
    patternOf(characters.slice(place * size, (place + 1) * size).join('')),
  );
  return [new RegExp(usual.map(literal).join('|'), 'g'), ...pieces];
}

/**
 * Knows the secrets of one block run and takes them out of whatever leaves it: results, errors, addresses. What is
 * replaced reads `[secret NAME]`.
 */
export class Redactor {
  private readonly known = new Map<string, string>();
  private needles: readonly Needle[] = [];

  add(name: string, value: string): void {
    if (value === '' || this.known.has(value)) return;
    this.known.set(value, name);
    const mark = `[secret ${name}]`;
    const added = patternsOf(value).map((pattern) => ({ length: value.length, pattern, mark }));
    // The longest first: a secret that holds another one must not be left in part.
    this.needles = [...this.needles, ...added].sort((a, b) => b.length - a.length);
  }

  /** Whether the text holds a secret, in any form. */
  finds(text: string): boolean {
    return this.needles.some(({ pattern }) => text.search(pattern) >= 0);
  }

  text(text: string): string {
    return this.needles.reduce((rest, { pattern, mark }) => rest.replace(pattern, () => mark), text);
  }

  json(value: Json): Json {
    if (this.needles.length === 0) return value;
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number' || typeof value === 'boolean') {
      return this.finds(String(value)) ? this.text(String(value)) : value;
    }
    if (value === null) return null;
    if (Array.isArray(value)) return value.map((member) => this.json(member));
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.text(key), this.json(member)]),
    );
  }
}
