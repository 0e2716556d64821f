import { parseTemplate, type TemplatePart } from '../../contracts/blocks-template';
import { type Json } from '../../contracts/json';
import { BlockError } from './errors';
import { Redactor } from './redact';
import { type Sandbox } from './sandbox';
import { scopeOf } from './scope';
import { type BlockIo, type SecretStore } from './types';

/** A config's value with every template filled in: it may hold secrets, and goes nowhere but into a request. */
export interface Rendered {
  readonly value: Json;
  readonly redactor: Redactor;
}

function partsOf(text: string): readonly TemplatePart[] {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new BlockError('TemplateFailed', `a text in the config ${parsed.message}`);
  return parsed.parts;
}

/**
 * Fills the templates of a config in. One template as the whole of a string keeps its value's type; within other text it
 * is written as text, and must yield something. All expressions are evaluated together; secrets are looked up after
 * that, so no expression ever sees one.
 */
export async function render(value: Json, io: BlockIo, sandbox: Sandbox): Promise<Rendered> {
  const strings = new Map<string, readonly TemplatePart[]>();
  collect(value, strings);
  const parts = [...strings.values()].flat();
  const expressions = [
    ...new Set(parts.flatMap((part) => (part.kind === 'expression' ? [part.expression] : []))),
  ];
  const values = expressions.length === 0 ? [] : await sandbox.evaluate(expressions, scopeOf(io), io.signal);
  const known = new Map(expressions.map((expression, place) => [expression, values[place] ?? null]));
  const names = new Set(parts.flatMap((part) => (part.kind === 'secret' ? [part.name] : [])));
  for (const name of names) if (io.platformSecrets.has(name)) throw platformsOwn(name);
  const redactor = new Redactor();
  const secrets = await lookUp(names, io.secrets, io.run.team, redactor);
  const fill = (text: string): Json => fillIn(strings.get(text) ?? [], known, secrets);
  return { value: replace(value, fill), redactor };
}

function platformsOwn(name: string): BlockError {
  return new BlockError(
    'SecretUnusable',
    `secret "${name}" is the platform's own: its providers, MCP servers or connectors use it, and flows may not; give flows a secret of another name`,
  );
}

/** The names of the secrets that a platform's settings refer to, wherever in them. */
export function secretsNamedIn(settings: unknown): ReadonlySet<string> {
  if (typeof settings === 'string') {
    const parsed = parseTemplate(settings);
    const parts = parsed.ok ? parsed.parts : [];
    return new Set(parts.flatMap((part) => (part.kind === 'secret' ? [part.name] : [])));
  }
  if (typeof settings !== 'object' || settings === null) return new Set();
  return new Set(Object.values(settings).flatMap((member: unknown) => [...secretsNamedIn(member)]));
}

/** Fills secret references in, for texts that hold no expressions: a connector's settings. */
export async function renderSecrets(
  text: string,
  io: Pick<BlockIo, 'run' | 'secrets'>,
  redactor: Redactor,
): Promise<string> {
  const parts = partsOf(text);
  const names = new Set(parts.flatMap((part) => (part.kind === 'secret' ? [part.name] : [])));
  const secrets = await lookUp(names, io.secrets, io.run.team, redactor);
  return textWith(parts, new Map(), secrets);
}

function collect(value: Json, strings: Map<string, readonly TemplatePart[]>): void {
  if (typeof value === 'string') {
    if (!strings.has(value)) strings.set(value, partsOf(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collect(member, strings);
  }
}

function replace(value: Json, fill: (text: string) => Json): Json {
  if (typeof value === 'string') return fill(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => replace(member, fill));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member, fill)]));
}

function fillIn(
  parts: readonly TemplatePart[],
  values: ReadonlyMap<string, Json>,
  secrets: ReadonlyMap<string, string>,
): Json {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'expression') return values.get(only.expression) ?? null;
  return textWith(parts, values, secrets);
}

function textWith(
  parts: readonly TemplatePart[],
  values: ReadonlyMap<string, Json>,
  secrets: ReadonlyMap<string, string>,
): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'secret') return secrets.get(part.name) ?? '';
      return asText(part.expression, values.get(part.expression) ?? null);
    })
    .join('');
}

/** A hole in a text is a mistake more often than not: `/users/{{ input.id }}` without an id is another address. */
function asText(expression: string, value: Json): string {
  if (typeof value === 'string') return value;
  if (value !== null) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  throw new BlockError(
    'TemplateFailed',
    `"{{ ${expression} }}" yields nothing; give it a value, such as {{ $exists(input.name) ? input.name : "" }}`,
  );
}

async function lookUp(
  names: ReadonlySet<string>,
  store: SecretStore,
  team: string,
  redactor: Redactor,
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    [...names].map(async (name): Promise<[string, string]> => [name, await secretOf(name, store, team)]),
  );
  for (const [name, value] of found) redactor.add(name, value);
  return new Map(found);
}

/** Throws `BlockError` where the team has no secret of that name. */
export async function secretOf(name: string, store: SecretStore, team: string): Promise<string> {
  const value = await store.get(team, name);
  if (value !== null) return value;
  throw new BlockError(
    'SecretUnknown',
    `team "${team}" has no secret "${name}"; add it to the platform's secrets (by default the worker's environment variable FLOW_CREDITS_SECRET_${name})`,
  );
}
