import { z } from 'zod';
import { httpMethodSchema, nameSchema } from '../../../contracts/blocks-config';
import { schemaFault } from '../../../contracts/blocks-schema';
import { jsonSchema } from '../../../contracts/flow';
import { loadSettings } from '../settings-file';
import { postgresSettingsSchema } from './postgres-settings';

const placeSchema = z.enum(['path', 'query', 'header', 'body']);

const parameterSchema = z
  .strictObject({
    in: placeSchema,
    required: z.boolean().default(false),
    /** What its values are. With neither this nor `schema`: anything. */
    type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object']).optional(),
    /** A JSON Schema, where a type does not say enough. */
    schema: z.union([z.boolean(), z.record(z.string(), jsonSchema)]).optional(),
  })
  .superRefine(({ type, schema }, context) => {
    if (schema === undefined) return;
    if (type !== undefined) context.addIssue('must have either "type" or "schema"');
    const fault = schemaFault(schema);
    if (fault !== null) context.addIssue({ code: 'custom', path: ['schema'], message: fault });
  });
export type ConnectorParameter = z.infer<typeof parameterSchema>;

const operationSchema = z.strictObject({
  description: z.string().min(1).optional(),
  method: httpMethodSchema.default('POST'),
  /** Below the base URL; `{name}` takes a parameter, percent-encoded. */
  path: z.string().startsWith('/'),
  /**
   * The parameters there are. Left out: any; those not in the path go into the JSON body of POST, PUT and PATCH, else
   * into the query.
   */
  parameters: z.record(z.string().min(1), parameterSchema).optional(),
});
export type HttpOperation = z.infer<typeof operationSchema>;

/** A text, `{{secret:NAME}}` or both. */
const secretText = z.string().min(1);

const httpServiceSchema = z.strictObject({
  kind: z.literal('http').optional(),
  description: z.string().min(1).optional(),
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** How the service knows us. Secrets by reference only: the file holds none. */
  auth: z
    .union([
      z.strictObject({ bearer: secretText }),
      z.strictObject({ basic: z.strictObject({ username: secretText, password: secretText }) }),
      z.strictObject({ header: z.strictObject({ name: z.string().min(1), value: secretText }) }),
    ])
    .optional(),
  headers: z.record(z.string().min(1), secretText).default({}),
  operations: z.record(nameSchema, operationSchema),
});
export type HttpServiceSettings = z.infer<typeof httpServiceSchema>;

/** The services that `connector` blocks may call. The platform's, not the flow author's. */
export const connectorServicesSchema = z.record(
  nameSchema,
  z.discriminatedUnion('kind', [httpServiceSchema, postgresSettingsSchema]),
);
export type ConnectorServices = z.infer<typeof connectorServicesSchema>;
export type ConnectorServicesInput = z.input<typeof connectorServicesSchema>;

/**
 * Reads services from a JSON file, or from JSON itself (text that begins with `{`): what `FLOW_CREDITS_CONNECTORS` holds.
 * Throws an `Error` that names the file and the field.
 */
export function loadConnectorServices(fileOrJson: string | undefined): ConnectorServices {
  return loadSettings(connectorServicesSchema, 'FLOW_CREDITS_CONNECTORS', 'connectors', fileOrJson);
}
