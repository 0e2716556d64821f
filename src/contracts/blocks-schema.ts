import Ajv, { type AnySchema, type ErrorObject, type Options } from 'ajv';
import type AjvCore from 'ajv/dist/core';
import Ajv2019 from 'ajv/dist/2019';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { messageOf } from './error-text';
import { type Json } from './json';

/** How JSON Schemas are read: here, and in the thread that applies them. A misspelt keyword is a fault. */
export const AJV_OPTIONS = {
  allErrors: true,
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowUnionTypes: true,
  logger: false,
  // Compiling costs more than it saves: most schemas are applied a few times.
  code: { optimize: false },
} as const satisfies Options;

/** Keywords that say nothing about validity and are common in schemas that come from elsewhere. */
export const AJV_ANNOTATIONS = ['example', 'xml', 'externalDocs', 'discriminator', 'x-internal'];

/** Which draft a schema is written in, by its `$schema`. */
export function draftOf(schema: Json): '2019' | '2020' | '07' {
  const said =
    typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema['$schema'] : '';
  if (typeof said !== 'string') return '07';
  if (said.includes('2020-12')) return '2020';
  return said.includes('2019-09') ? '2019' : '07';
}

function compilerFor(schema: Json): AjvCore {
  const draft = draftOf(schema);
  const ajv =
    draft === '2020'
      ? new Ajv2020(AJV_OPTIONS)
      : draft === '2019'
        ? new Ajv2019(AJV_OPTIONS)
        : new Ajv(AJV_OPTIONS);
  addFormats(ajv);
  ajv.addVocabulary(AJV_ANNOTATIONS);
  return ajv;
}

/** Null if the schema compiles, else why not. Never throws. */
export function schemaFault(schema: AnySchema & Json): string | null {
  if (typeof schema === 'object' && '$async' in schema) return 'must not be an "$async" schema';
  try {
    compilerFor(schema).compile(schema);
    return null;
  } catch (error) {
    return `is not a JSON Schema: ${messageOf(error)}`;
  }
}

/**
 * What a value does not fit of a schema: `must be integer`, `/items/0 must be string`; null if it fits. For schemas of the
 * platform: their patterns are executed where this is called. Throws where the schema does not compile.
 */
export function schemaCheck(schema: AnySchema & Json): (value: Json) => string | null {
  const validate = compilerFor(schema).compile(schema);
  return (value) => {
    if (validate(value) === true) return null;
    return (validate.errors ?? []).slice(0, ERRORS_SHOWN).map(errorText).join('; ');
  };
}

const ERRORS_SHOWN = 3;

function errorText({ instancePath, message = 'is not valid', params }: ErrorObject): string {
  const allowed: unknown = Reflect.get(params, 'allowedValues');
  const values = Array.isArray(allowed) ? `: ${allowed.map((each) => JSON.stringify(each)).join(', ')}` : '';
  return `${instancePath === '' ? '' : `${instancePath} `}${message}${values}`;
}
