import { z } from 'zod';
import { BLOCKS, type BlockCatalog, type BlockSpec } from './blocks';
import { NESTED_IN } from './blocks-nested';
import { blockIdSchema, flowSchema } from './flow';
import { ALSO, FLOW_TEXTS, TYPE_TEXTS, type TypeTexts } from './flow-json-schema-texts';
import { type Json } from './json';
import { asJson } from './validate-flow-json';

type Schema = Readonly<Record<string, Json>>;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** A text with a template in it, which may stand for anything until it is filled in. */
const TEMPLATE: Schema = {
  type: 'string',
  pattern: '\\{\\{',
  description: 'A template: what it yields is held to the schema.',
};

/**
 * The JSON Schema of a flow (draft 2020-12), made from the schemas that flows are checked with. It says what an editor can
 * know: shapes, names, bounds. What a flow means (ids, ports, circles, expressions) only `validateFlow` sees.
 */
export function flowJsonSchema(catalog: BlockCatalog = BLOCKS): Schema {
  const types = [...catalog.keys()];
  const configs = z.object(Object.fromEntries([...catalog].map(([type, { config }]) => [type, config])));
  const made = schemaOf(z.object({ flow: flowSchema, id: blockIdSchema, configs }));
  const shapes = membersOf(made['properties']);
  const flow = objectOf(shapes['flow']);
  const configShapes = membersOf(objectOf(shapes['configs'])['properties']);
  const parts = membersOf(flow['properties']);
  const properties = {
    ...parts,
    blocks: { ...objectOf(parts['blocks']), items: { $ref: '#/$defs/block' } },
    connections: withTexts(objectOf(parts['connections']), { fields: FLOW_TEXTS, description: '' }),
  };
  return {
    $schema: DIALECT,
    title: 'Flow',
    description: FLOW_TEXTS.flow,
    ...flow,
    properties,
    $defs: {
      // A flow in a config needs no name: the block has one.
      nested: { ...flow, properties, required: ['blocks'] },
      ...membersOf(made['$defs']),
      block: {
        type: 'object',
        properties: {
          id: { ...objectOf(shapes['id']), description: FLOW_TEXTS.block },
          type: {
            description: FLOW_TEXTS.type,
            // Not an enum: so each has its description in an editor's list.
            oneOf: types.map((type) => ({ const: type, ...described(textsOf(type, catalog.get(type))) })),
          },
          config: { type: 'object' },
        },
        required: ['id', 'type'],
        additionalProperties: false,
        allOf: types.map((type) => byType(type, objectOf(configShapes[type]))),
      },
      ...Object.fromEntries(
        [...catalog].map(([type, spec]) => [
          `config-${type}`,
          configOf(type, spec, objectOf(configShapes[type])),
        ]),
      ),
    },
  };
}

function schemaOf(schema: z.ZodType): Schema {
  // What only code can say is left to `validateFlow`.
  const json = asJson(
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' }),
  );
  if (!json.ok) throw new TypeError(`the schema of flows: ${JSON.stringify(json.faults)}`);
  return objectOf(json.value);
}

function byType(type: string, config: Schema): Schema {
  const needed = Array.isArray(config['required']) && config['required'].length > 0;
  return {
    if: { properties: { type: { const: type } }, required: ['type'] },
    then: {
      properties: { config: { $ref: `#/$defs/config-${type}` } },
      ...(needed ? { required: ['config'] } : {}),
    },
  };
}

function configOf(type: string, spec: BlockSpec, shape: Schema): Schema {
  const texts = textsOf(type, spec);
  const also = ALSO[type];
  const own = spec.late === true ? lateMembers(shape) : withNested(type, shape);
  return {
    title: `Config of "${type}"`,
    ...withTexts(own, texts),
    ...described(texts),
    ...(also === undefined ? {} : { allOf: [also] }),
  };
}

/** A flow within a config is a flow, too. */
function withNested(type: string, shape: Schema): Schema {
  const member = Object.hasOwn(NESTED_IN, type) ? NESTED_IN[type] : undefined;
  if (member === undefined) return shape;
  const nested = { $ref: '#/$defs/nested' };
  const called = {
    type: 'object',
    properties: { ref: { type: 'string' } },
    required: ['ref'],
    additionalProperties: false,
  };
  const inner = type === 'flow' ? { anyOf: [nested, called] } : nested;
  return { ...shape, properties: { ...objectOf(shape['properties']), [member]: inner } };
}

function textsOf(type: string, spec: BlockSpec | undefined): TypeTexts {
  const known = Object.hasOwn(TYPE_TEXTS, type) ? TYPE_TEXTS[type] : undefined;
  return known ?? { description: spec?.description ?? '' };
}

function described({ description }: TypeTexts): Schema {
  return description === '' ? {} : { description };
}

/** Adds the texts of fields wherever a field of that name is described. */
function withTexts(schema: Schema, texts: TypeTexts): Schema {
  const { fields = {} } = texts;
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        key === 'properties' ? named(member) : walk(member),
      ]),
    );
  };
  const named = (properties: Json): Json =>
    Object.fromEntries(
      Object.entries(objectOf(properties)).map(([name, member]) => {
        const text = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return [name, text === undefined ? walk(member) : { ...objectOf(walk(member)), description: text }];
      }),
    );
  return objectOf(walk(schema));
}

/** Of a type whose templates are filled in before its config is checked, every value may be a template first. */
function lateMembers(schema: Schema): Schema {
  const members = (key: string): Schema => {
    const inner = schema[key];
    return isObject(inner)
      ? { [key]: Object.fromEntries(Object.entries(inner).map(([name, member]) => [name, late(member)])) }
      : {};
  };
  const items = schema['items'];
  const others = schema['additionalProperties'];
  return {
    ...schema,
    ...members('properties'),
    ...(items === undefined ? {} : { items: late(items) }),
    ...(isObject(others) ? { additionalProperties: late(others) } : {}),
  };
}

function late(value: Json): Json {
  return isObject(value) ? { anyOf: [lateMembers(value), TEMPLATE] } : value;
}

function isObject(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: Json | undefined): Schema {
  return isObject(value) ? value : {};
}

const membersOf = objectOf;
