import { connectorConfigSchema, type ConnectorConfig } from '../../../contracts/blocks-config';
import { didYouMean } from '../../../contracts/blocks-suggest';
import { literalFaults, type OperationSpec, type ParameterFault } from '../../../contracts/connectors';
import { pathOf } from '../../../contracts/validate-flow-json';
import { BlockError } from '../errors';
import { isObject, type JsonObject } from '../json';
import { type Redactor } from '../redact';
import { type Sandbox } from '../sandbox';
import { render } from '../template';
import { type BlockExecutor, type BlockIo } from '../types';
import { type Service } from './service';

type Services = Readonly<Record<string, Service>>;

/** Calls a named operation of a service, and delivers what it gives. Its parameters are looked at before it is called. */
export function connectorBlock(sandbox: Sandbox, services: Services): BlockExecutor {
  return {
    type: 'connector',
    kind: 'external',
    execute: async (config, io) => {
      const settings = connectorConfigSchema.parse(config);
      const service = named(services, settings.service, 'service');
      const { operations } = service.spec;
      const operation = named(operations, settings.operation, `operation of "${settings.service}"`);
      refuse(settings, literalFaults(operation, settings.parameters));
      const { parameters, redactor } = await filled(settings.parameters, operation, io, sandbox);
      const shown = redactor.json(parameters);
      refuse(settings, operation.faults(parameters, isObject(shown) ? shown : {}));
      io.heartbeat();
      return { value: await service.execute({ settings, parameters, redactor, io }) };
    },
  };
}

/** What is taken as it stands is not read as a template. */
async function filled(
  given: JsonObject,
  { literal }: OperationSpec,
  io: BlockIo,
  sandbox: Sandbox,
): Promise<{ readonly parameters: JsonObject; readonly redactor: Redactor }> {
  const isLiteral = ([name]: readonly [string, unknown]): boolean => literal.includes(name);
  const all = Object.entries(given);
  const templates = Object.fromEntries(all.filter((each) => !isLiteral(each)));
  const { value, redactor } = await render(templates, io, sandbox);
  const parameters = { ...(isObject(value) ? value : {}), ...Object.fromEntries(all.filter(isLiteral)) };
  return { parameters, redactor };
}

function named<T>(all: Readonly<Record<string, T>>, name: string, what: string): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  throw new BlockError(
    'ConnectorUnknown',
    `this worker has no ${what} named "${name}"${didYouMean(name, Object.keys(all))}`,
  );
}

function refuse({ service, operation }: ConnectorConfig, faults: readonly ParameterFault[]): void {
  if (faults.length === 0) return;
  const all = faults.map(({ keys, message }) =>
    keys.length === 0 ? `the parameters: ${message}` : `parameter "${pathOf(keys)}" ${message}`,
  );
  throw new BlockError(
    'ConfigInvalid',
    `operation "${operation}" of service "${service}": ${all.join('; ')}`,
  );
}
