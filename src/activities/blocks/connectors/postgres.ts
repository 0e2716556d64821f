import { z } from 'zod';
import { defineConnector, type Connector } from '../../../contracts/connectors';
import { jsonSchema } from '../../../contracts/flow';
import { runStatement } from './postgres-statement';
import { PostgresPools } from './postgres-pools';
import {
  postgresSettingsSchema,
  type PostgresSettings,
  type PostgresSettingsInput,
} from './postgres-settings';

/**
 * A Postgres that the platform names for its flows, with one operation: `query`. Its statement is the flow author's, its
 * connection string a secret of the platform's or the team's.
 */
export function postgresConnector(service: string, given: PostgresSettings): Connector {
  const { connection, access, description } = given;
  const pools = new PostgresPools(given.connections);
  return defineConnector({
    service,
    ...(description === undefined ? {} : { description }),
    credentials: { connection },
    operations: {
      query: {
        description:
          access === 'read'
            ? 'Executes one SQL statement that reads, and gives {rows, rowCount}.'
            : 'Executes one SQL statement in a transaction of its own, and gives {rows, rowCount}.',
        parameters: z.object({
          sql: z.string().min(1).max(100_000),
          params: z.array(jsonSchema).max(1000).default([]),
        }),
        // What is put into SQL as text is SQL: values come by `params`.
        literal: ['sql'],
        // Which failures may be tried again is told by each of them.
        repeatable: false,
        execute: ({ parameters, credentials, conceal, signal }) => {
          const config = { service, settings: given, connection: credentials.connection, conceal };
          return runStatement(pools, config, parameters, signal);
        },
      },
    },
    close: () => pools.close(),
  });
}

/** For a platform that names its connections in code: `connectors: [postgres('warehouse', {connection: '{{secret:URL}}'})]`. */
export function postgres(service: string, settings: Omit<PostgresSettingsInput, 'kind'>): Connector {
  return postgresConnector(service, postgresSettingsSchema.parse({ kind: 'postgres', ...settings }));
}
