import { z } from 'zod';
import { httpMethodSchema, nameSchema } from '../../contracts/blocks-config';
import { loadSettings } from './settings-file';

const placeSchema = z.enum(['path', 'query', 'header', 'body']);

const operationSchema = z.strictObject({
  method: httpMethodSchema.default('POST'),
  /** Below the base URL; `{name}` takes a parameter, percent-encoded. */
  path: z.string().startsWith('/'),
  /**
   * The parameters there are. Left out: any; those not in the path go into the JSON body of POST, PUT and PATCH, else
   * into the query.
   */
  parameters: z
    .record(z.string().min(1), z.strictObject({ in: placeSchema, required: z.boolean().default(false) }))
    .optional(),
});
export type ConnectorOperation = z.infer<typeof operationSchema>;

/** A text, `{{secret:NAME}}` or both. */
const secretText = z.string().min(1);

const serviceSchema = z.strictObject({
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
export type ConnectorService = z.infer<typeof serviceSchema>;

/** The services that `connector` blocks may call. The platform's, not the flow author's. */
export const connectorServicesSchema = z.record(nameSchema, serviceSchema);
export type ConnectorServices = z.infer<typeof connectorServicesSchema>;
export type ConnectorServicesInput = z.input<typeof connectorServicesSchema>;

/**
 * Reads services from a JSON file, or from JSON itself (text that begins with `{`): what `FLOW_CREDITS_CONNECTORS` holds.
 * Throws an `Error` that names the file and the field.
 */
export function loadConnectorServices(fileOrJson: string | undefined): ConnectorServices {
  return loadSettings(connectorServicesSchema, 'FLOW_CREDITS_CONNECTORS', 'connectors', fileOrJson);
}
