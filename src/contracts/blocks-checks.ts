import { conditionConfigSchema, httpRequestConfigSchema, validateConfigSchema } from './blocks-config';
import { schemaFault } from './blocks-schema';
import { cutText } from './blocks-size';
import { expressionFault, parseTemplate } from './blocks-template';
import { type Fault } from './flow';
import { type Json } from './json';

/** What a block's schema cannot say: that expressions parse, schemas compile, URLs are ones. Paths are in the config. */

type Config = Readonly<Record<string, Json>>;

function expressionFaults(path: string, expression: Json | undefined): readonly Fault[] {
  if (typeof expression !== 'string') return [];
  const wrapped = /^\s*\{\{([^]*)\}\}\s*$/.exec(expression);
  if (wrapped !== null) {
    const secret = /^\s*secret\s*:/.test(wrapped[1] ?? '');
    return [
      {
        path,
        message: secret
          ? 'is a secret reference; only blocks that make requests may use secrets'
          : `is "${short(expression)}"; it is JSONata as it stands, so leave the "{{" and "}}" out`,
      },
    ];
  }
  const fault = expressionFault(expression);
  return fault === null ? [] : [{ path, message: `"${short(expression)}" ${fault}` }];
}

function short(text: string): string {
  return cutText(text, 80);
}

/** Checks that the named fields, where they are given, are JSONata. */
export function checkExpressions(...fields: readonly string[]): (config: Config) => readonly Fault[] {
  return (config) => fields.flatMap((field) => expressionFaults(field, config[field]));
}

export function checkCases(config: Config): readonly Fault[] {
  const { cases } = conditionConfigSchema.parse(config);
  return cases.flatMap(({ name, when }, place) => [
    ...expressionFaults(`cases[${place}].when`, when),
    ...(cases.findIndex((other) => other.name === name) < place
      ? [{ path: `cases[${place}].name`, message: `is "${name}" for the second time; each case is a port` }]
      : []),
  ]);
}

export function checkSchema(config: Config): readonly Fault[] {
  const { schema, value } = validateConfigSchema.parse(config);
  const fault = schemaFault(schema);
  return [
    ...(fault === null ? [] : [{ path: 'schema', message: fault }]),
    ...expressionFaults('value', value),
  ];
}

const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS'];

export function checkHttpRequest(config: Config): readonly Fault[] {
  const { method, url, body } = httpRequestConfigSchema.parse(config);
  const faults: Fault[] = [];
  if (body !== undefined && WITHOUT_BODY.includes(method)) {
    faults.push({ path: 'body', message: `goes with no ${method} request; use POST, PUT, PATCH or DELETE` });
  }
  const message = urlFault(url);
  if (message !== null) faults.push({ path: 'url', message });
  return faults;
}

/** A URL that begins with a template is only known when it is rendered; every other one must be absolute. */
function urlFault(url: string): string | null {
  const parsed = parseTemplate(url);
  if (!parsed.ok) return null;
  const [first] = parsed.parts;
  if (first?.kind !== 'text') return null;
  const whole = parsed.parts.length === 1;
  const good = whole ? URL.canParse(url) && /^https?:\/\//i.test(url) : /^https?:\/\/?/i.test(first.text);
  return good ? null : `is "${short(url)}"; it must begin with "http://" or "https://"`;
}
