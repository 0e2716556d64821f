import jsonata from 'jsonata';

/** A piece of a template string. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** A JSONata expression over `{input, inputs, run}`. */
  | { readonly kind: 'expression'; readonly expression: string }
  /** `{{secret:NAME}}`: resolved in an activity, right before use. */
  | { readonly kind: 'secret'; readonly name: string };

export type ParsedTemplate =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly message: string };

export const EXPRESSION_MOST_CHARACTERS = 16_384;
/** An expression may hold `}}` itself; this many ends are tried before it counts as unclosed. */
const ENDS_TRIED = 32;
const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Null if the text is JSONata, else why not. Never throws. */
export function expressionFault(expression: string): string | null {
  if (expression.trim() === '') return 'is empty';
  if (expression.length > EXPRESSION_MOST_CHARACTERS) {
    return `has ${expression.length} characters; the most is ${EXPRESSION_MOST_CHARACTERS}`;
  }
  try {
    jsonata(expression);
    return null;
  } catch (error) {
    return `is not JSONata: ${reasonOf(error)}`;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it nests too deeply';
  if (typeof error !== 'object' || error === null || !('message' in error)) return 'it does not parse';
  const position = 'position' in error && typeof error.position === 'number' ? error.position : null;
  return `${String(error.message)}${position === null ? '' : ` (at character ${position})`}`;
}

type Piece = { readonly part: TemplatePart; readonly end: number } | { readonly message: string };

function secretAt(text: string, start: number, end: number): Piece {
  const inner = text.slice(start + 2, end).trim();
  const name = inner.slice('secret:'.length);
  if (SECRET_NAME.test(name)) return { part: { kind: 'secret', name }, end: end + 2 };
  return {
    message: `has the secret reference "{{${inner}}}"; write {{secret:NAME}}, where NAME is a letter followed by letters, digits or "_"`,
  };
}

/** The shortest `{{ … }}` from `start` whose inside is JSONata: so `{{ {"a":{"b":1}} }}` ends where it should. */
function pieceAt(text: string, start: number): Piece {
  const first = text.indexOf('}}', start + 2);
  if (first < 0) return { message: `opens "{{" at character ${start} and never closes it` };
  if (/^\{\{\s*secret\s*:(?!=)/.test(text.slice(start, first))) return secretAt(text, start, first);
  let fault = '';
  for (
    let end = first, tried = 0;
    end >= 0 && tried < ENDS_TRIED;
    end = text.indexOf('}}', end + 1), tried += 1
  ) {
    const expression = text.slice(start + 2, end);
    const found = expressionFault(expression);
    if (found === null) return { part: { kind: 'expression', expression: expression.trim() }, end: end + 2 };
    if (tried === 0) fault = `has the template "{{${expression}}}", which ${found}`;
  }
  return { message: fault };
}

/** Splits a string of a config into text, expressions and secret references. Never throws. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf('{{', position);
    if (open < 0) break;
    if (open > position) parts.push({ kind: 'text', text: text.slice(position, open) });
    const piece = pieceAt(text, open);
    if ('message' in piece) return { ok: false, message: piece.message };
    parts.push(piece.part);
    position = piece.end;
  }
  if (position < text.length) parts.push({ kind: 'text', text: text.slice(position) });
  return { ok: true, parts };
}

/**
 * Why a text is no credential: null for one of text and `{{secret:NAME}}` alone. A credential belongs to the platform, so
 * nothing of a run is in it.
 */
export function credentialFault(text: string): string | null {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return parsed.message;
  const expression = parsed.parts.find((part) => part.kind === 'expression');
  return expression === undefined
    ? null
    : `has the template "{{ ${expression.expression} }}"; a credential is text and {{secret:NAME}} alone`;
}
