import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { type FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { type Access, type Operation } from './access';
import { TAGS } from './operation';
import { documented } from './schemas/registry';

const DESCRIPTION = [
  'Credits of flow runs: what a team has and used, each charge explained, who waits and why, and what may be done ' +
    'about it.\n',
  '- **Amounts** are whole millicredits in text (`"12500"` is 12.5 credits), money whole millionths of a dollar or ' +
    'whole cents in text. What a person writes into a command is decimal: `"credits": "12.5"`, `"capUsd": "25.00"`.',
  '- **Lists** are `{items, nextCursor}`; the next page is the same request with `cursor=nextCursor`. Rows come as CSV ' +
    'to `Accept: text/csv`, with amounts in credits and dollars as their columns are named, in pages as large as they ' +
    'may be unless `limit` is told; the next page is then in the header `Link`.',
  '- **Commands** take `Idempotency-Key`: the same key with the same payload gets the first answer again, with another ' +
    'payload 409. Without one the server makes one up and tells it.',
  '- **Errors** are `application/problem+json` (RFC 9457). A method that an address does not have is 405, and `Allow` ' +
    'says which it has; `HEAD` is `GET` without a body, but of the live stream.',
  '- **Teams** see themselves alone: a foreign and an unknown team are the same 404.',
].join('\n');

type Document = Readonly<Record<string, unknown>>;

/** `/openapi.json`, and for people `/docs`, with nothing loaded from elsewhere. */
export async function serveDocument(app: FastifyInstance, access: Access): Promise<void> {
  const ofZod = createJsonSchemaTransform({ schemaRegistry: documented });
  const componentsOfZod = createJsonSchemaTransformObject({ schemaRegistry: documented });
  const options: FastifyDynamicSwaggerOptions = {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'temporal-flow-credits',
        version: '1',
        description: DESCRIPTION,
        license: { name: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform: (route) => {
      const { schema, url } = ofZod(route);
      const operation: Operation | undefined = route.route.config?.operation;
      if (operation === undefined) return { schema: { ...schema, hide: true }, url };
      const least = access[operation];
      const said = typeof schema.description === 'string' ? schema.description : '';
      return { schema: { ...schema, description: `${said}\n\nRole: ${least}.`, 'x-role': least }, url };
    },
    transformObject: (document) => withAnswersTold(onlyUsed(componentsOfZod(document))),
  };
  await app.register(swagger, options);
  app.get('/openapi.json', () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { deepLinking: true, displayOperationId: true, validatorUrl: null, tryItOutEnabled: true },
    theme: { title: 'temporal-flow-credits' },
  });
}

/** Each schema is a component twice, as it comes in and as it goes out: those that nothing refers to are left out. */
function onlyUsed<T extends object>(document: T): T {
  const whole: Document = Object.fromEntries(Object.entries(document));
  const components = memberOf(whole, 'components');
  const schemas = memberOf(components, 'schemas');
  const used = new Set<string>();
  const open: unknown[] = [whole['paths']];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const [name] of JSON.stringify(next).matchAll(/#\/components\/schemas\/[^"]+/g)) {
      const id = name.slice(SCHEMA_PLACE.length);
      if (used.has(id)) continue;
      used.add(id);
      if (schemas[id] !== undefined) open.push(schemas[id]);
    }
  }
  const kept = Object.fromEntries(
    Object.entries(schemas)
      .filter(([id]) => used.has(id))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { ...document, components: { ...components, schemas: kept } };
}

/** What the document's maker writes where nothing is said. */
const UNTOLD = 'Default Response';

const SCHEMA_PLACE = '#/components/schemas/';

/** An answer whose schema stands by its name alone has no words of its own: it is told as its schema is, or its operation. */
function withAnswersTold<T extends object>(document: T): T {
  const whole: Document = Object.fromEntries(Object.entries(document));
  const schemas = memberOf(memberOf(whole, 'components'), 'schemas');
  const told = (answer: Document, { summary }: Document): Document => {
    if (answer['description'] !== UNTOLD) return answer;
    const ref = memberOf(memberOf(memberOf(answer, 'content'), 'application/json'), 'schema')['$ref'];
    const schema = typeof ref === 'string' ? memberOf(schemas, ref.slice(SCHEMA_PLACE.length)) : {};
    return { ...answer, description: schema['description'] ?? `${String(summary)}.` };
  };
  const mapped = (members: Document, each: (member: Document) => Document): Document =>
    Object.fromEntries(Object.keys(members).map((name) => [name, each(memberOf(members, name))]));
  const paths = mapped(memberOf(whole, 'paths'), (path) =>
    mapped(path, (operation) => ({
      ...operation,
      responses: mapped(memberOf(operation, 'responses'), (answer) => told(answer, operation)),
    })),
  );
  return { ...document, paths };
}

function memberOf(value: Document, name: string): Document {
  const member = value[name];
  return typeof member === 'object' && member !== null ? Object.fromEntries(Object.entries(member)) : {};
}
