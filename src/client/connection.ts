import { Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { messageOf } from '../contracts/error-text';

/** How to reach Temporal: fits `Connection.connect` of the client and `NativeConnection.connect` of the worker. */
export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  readonly connection: Pick<ConnectionOptions, 'address' | 'tls' | 'metadata' | 'connectTimeout'> & {
    readonly apiKey?: string;
  };
}

export const DEFAULT_ADDRESS = '127.0.0.1:7233';
export const DEFAULT_NAMESPACE = 'default';

/**
 * Reads how to reach Temporal the way the SDKs and the `temporal` CLI do (`@temporalio/envconfig`):
 * `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS`, `TEMPORAL_TLS_CLIENT_CERT_PATH`,
 * `TEMPORAL_TLS_CLIENT_KEY_PATH`, `TEMPORAL_TLS_SERVER_CA_CERT_PATH`, `TEMPORAL_TLS_SERVER_NAME`, and a profile of
 * `temporal.toml` by `TEMPORAL_PROFILE` or `TEMPORAL_CONFIG_FILE`. An API key turns TLS on.
 * Throws where a certificate cannot be read or only one half of a key pair is named.
 */
export function temporalSettings(env: NodeJS.ProcessEnv = process.env): TemporalSettings {
  const overrideEnvVars: Record<string, string> = {};
  // A variable that is set to nothing means "not set", as in `TEMPORAL_API_KEY= npm run demo`.
  for (const [name, value] of Object.entries(env)) if (value) overrideEnvVars[name] = value;
  // Only who names a profile or a file gets one: a stray ~/.config file must not redirect a test run.
  const disableFile = !overrideEnvVars['TEMPORAL_PROFILE'] && !overrideEnvVars['TEMPORAL_CONFIG_FILE'];
  const loaded = loadClientConnectConfig({ overrideEnvVars, disableFile });
  const { tls, apiKey, metadata } = loaded.connectionOptions;
  const address = loaded.connectionOptions.address ?? DEFAULT_ADDRESS;
  return {
    address,
    namespace: loaded.namespace ?? DEFAULT_NAMESPACE,
    connection: {
      address,
      ...(tls === undefined ? {} : { tls }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
}

/**
 * Connects to the Temporal of {@link temporalSettings}. Close the connection when done.
 * Throws an `Error` that names the address and the variables to set when nothing answers.
 */
export async function connectionFromEnv(
  settings: TemporalSettings = temporalSettings(),
): Promise<{ connection: Connection; namespace: string }> {
  try {
    return { connection: await Connection.connect(settings.connection), namespace: settings.namespace };
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(
      `no Temporal answers at ${settings.address} (${reason}): start one with "flow-credits dev", or set ` +
        'TEMPORAL_ADDRESS (and TEMPORAL_TLS, TEMPORAL_API_KEY, TEMPORAL_NAMESPACE where the cluster needs them)',
      { cause: error },
    );
  }
}
