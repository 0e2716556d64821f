import { type z } from 'zod';
import { type Config } from './blocks';
import { connectorConfigSchema, nameSchema } from './blocks-config';
import { didYouMean } from './blocks-suggest';
import { type ExecuteBlock } from './activities';
import { type Fault } from './flow';
import { type Json } from './json';
import { holdsTemplate, issuesIn } from './validate-flow-issues';
import { pathOf } from './validate-flow-json';

/** What is wrong with the parameters of an operation: `keys` lead there, `message` goes on after the place. */
export interface ParameterFault {
  readonly keys: readonly PropertyKey[];
  readonly message: string;
}

/** What is known of an operation before it is called. */
export interface OperationSpec {
  readonly description?: string;
  /** Parameters that are taken as they stand: templates in them are refused. */
  readonly literal: readonly string[];
  /**
   * What is wrong with parameters. As a flow has them, a text with a template in it stands for anything. Once templates
   * are filled in, `shown` is given, the same without secrets: it is what is quoted, and nothing stands for anything.
   */
  faults(parameters: Config, shown?: Config): readonly ParameterFault[];
}

/** A service that `connector` blocks may call. */
export interface ConnectorSpec {
  readonly description?: string;
  readonly operations: Readonly<Record<string, OperationSpec>>;
}

/** The services there are, by name. */
export type ConnectorCatalog = Readonly<Record<string, ConnectorSpec>>;

/** What an operation of a platform's connector is given. */
export interface ConnectorCall<Parameters, Credential extends string> {
  /** As their schema makes them, with every template filled in. */
  readonly parameters: Parameters;
  /** The connector's credentials, secrets filled in. They are masked in what the block delivers and in its failure. */
  readonly credentials: Readonly<Record<Credential, string>>;
  /** Masks what follows from a secret, too: a token that was got for it. Six characters at least. */
  readonly conceal: (text: string) => void;
  readonly run: ExecuteBlock['about'];
  /** Aborted on cancellation and after the block's `timeoutSeconds`: hand it on to whatever takes time. */
  readonly signal: AbortSignal;
  /** Says that the block is alive; long work calls it. */
  readonly heartbeat: () => void;
}

/** An operation of a platform's connector: its parameters, and what it does. */
export interface OperationDefinition<Shape extends z.ZodRawShape, Credential extends string> {
  /** One sentence, for who writes flows. */
  readonly description?: string;
  /** Its parameters. Those it does not name are refused. */
  readonly parameters: z.ZodObject<Shape>;
  /** Parameters that are taken as they stand: a template in one of them is refused. Such as SQL. */
  readonly literal?: readonly (keyof Shape & string)[];
  /**
   * Whether it may be called again although the first call may have been acted on. Default false: then only a
   * `BlockError` that says so is tried again, or whatever fails where the flow gives the block `attempts`.
   */
  readonly repeatable?: boolean;
  /** Gives what the block delivers. Throws `BlockError` to name a failure and to say whether it may pass. */
  execute(call: ConnectorCall<z.output<z.ZodObject<Shape>>, Credential>): Promise<Json>;
}

/** What {@link defineConnector} takes. */
export interface ConnectorDefinition<
  Shapes extends Readonly<Record<string, z.ZodRawShape>>,
  Credential extends string,
> {
  /** Its name in flows. */
  readonly service: string;
  readonly description?: string;
  /** Texts with `{{secret:NAME}}` in them: secrets of the run's team, looked up right before each call. */
  readonly credentials?: Readonly<Record<Credential, string>>;
  readonly operations: { readonly [Name in keyof Shapes]: OperationDefinition<Shapes[Name], Credential> };
  /** Called once, when the worker ends. */
  close?(): Promise<void>;
}

/** A service that a platform adds, complete: what the validator and the worker need of it. */
export interface Connector {
  readonly flowCreditsConnector: 1;
  readonly service: string;
  readonly spec: ConnectorSpec;
  readonly credentials: Readonly<Record<string, string>>;
  /** Whether an operation may be called again although it may have been acted on. */
  repeatable(operation: string): boolean;
  /** The parameters have been looked at by `spec`. */
  execute(
    operation: string,
    parameters: Config,
    call: Omit<ConnectorCall<unknown, string>, 'parameters'>,
  ): Promise<Json>;
  /** Ends what it opened; called once. */
  close(): Promise<void>;
}

/**
 * Defines a service that `connector` blocks may call: hand it to `createFlowCreditsWorker({connectors: [...]})`. Calls are
 * charged by the rate card's row `connector`. Throws `TypeError` that names what is wrong with it.
 */
export function defineConnector<
  Shapes extends Readonly<Record<string, z.ZodRawShape>>,
  Credential extends string = never,
>(definition: ConnectorDefinition<Shapes, Credential>): Connector {
  const { service, description } = definition;
  checkName('connector', service);
  const names = Object.keys(definition.operations);
  if (names.length === 0) throw new TypeError(`connector "${service}": has no operation`);
  for (const name of names) checkName(`connector "${service}": operation`, name);
  const operations: Readonly<Record<string, Operation>> = Object.fromEntries(
    Object.entries<OperationDefinition<z.ZodRawShape, Credential>>(definition.operations).map(
      ([name, each]) => [name, operationOf(each)] as const,
    ),
  );
  const named = (name: string): Operation => {
    const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (found === undefined) throw new TypeError(`connector "${service}" has no operation "${name}"`);
    return found;
  };
  return {
    flowCreditsConnector: 1,
    service,
    spec: { operations, ...(description === undefined ? {} : { description }) },
    credentials: { ...definition.credentials },
    repeatable: (name) => named(name).repeatable,
    execute: (name, parameters, call) => named(name).execute(parameters, call),
    close: async () => definition.close?.(),
  };
}

interface Operation extends OperationSpec {
  readonly repeatable: boolean;
  execute(parameters: Config, call: Omit<ConnectorCall<unknown, string>, 'parameters'>): Promise<Json>;
}

function operationOf<Shape extends z.ZodRawShape, Credential extends string>(
  definition: OperationDefinition<Shape, Credential>,
): Operation {
  const { description, literal = [], repeatable = false } = definition;
  // A parameter that nobody knows is a misspelt one.
  const schema = definition.parameters.strict();
  return {
    ...(description === undefined ? {} : { description }),
    literal,
    repeatable,
    faults: (parameters, shown) => {
      try {
        return issuesIn(schema, parameters, shown);
      } catch {
        // A schema that has to be awaited: it is held to when it executes.
        return [];
      }
    },
    execute: async (parameters, call) =>
      definition.execute({ ...call, parameters: await schema.parseAsync(parameters) }),
  };
}

function checkName(what: string, name: string): void {
  const parsed = nameSchema.safeParse(name);
  if (!parsed.success)
    throw new TypeError(`${what} ${JSON.stringify(name)}: ${parsed.error.issues[0]?.message ?? ''}`);
}

export function isConnector(value: unknown): value is Connector {
  return (
    typeof value === 'object' &&
    value !== null &&
    'flowCreditsConnector' in value &&
    value.flowCreditsConnector === 1
  );
}

/** The specs of connectors by their services. Throws `TypeError` where two share one. */
export function connectorCatalog(
  connectors: readonly Connector[],
  others: ConnectorCatalog = {},
): ConnectorCatalog {
  const all = new Map(Object.entries(others));
  for (const { service, spec } of connectors) {
    if (all.has(service)) {
      throw new TypeError(`connector "${service}" is there twice; give one of them another name`);
    }
    all.set(service, spec);
  }
  return Object.fromEntries(all);
}

/** Templates in parameters that are taken as they stand. */
export function literalFaults({ literal }: OperationSpec, parameters: Config): readonly ParameterFault[] {
  return literal.flatMap((name) =>
    holdsTemplate(parameters[name])
      ? [
          {
            keys: [name],
            message: 'holds "{{"; it is taken as it stands, so give what changes in another parameter',
          },
        ]
      : [],
  );
}

/** What is wrong with a `connector` block, where the services are known. Paths are relative to its config. */
export function connectorFaults(config: Config, services: ConnectorCatalog): readonly Fault[] {
  const settings = connectorConfigSchema.parse(config);
  const { service, operation, parameters } = settings;
  const found = Object.hasOwn(services, service) ? services[service] : undefined;
  if (found === undefined) {
    return [
      {
        path: 'service',
        message: `is "${service}", no service there is${didYouMean(service, Object.keys(services))}`,
      },
    ];
  }
  const spec = Object.hasOwn(found.operations, operation) ? found.operations[operation] : undefined;
  if (spec === undefined) {
    const hint = didYouMean(operation, Object.keys(found.operations));
    return [{ path: 'operation', message: `is "${operation}", no operation of service "${service}"${hint}` }];
  }
  return [...literalFaults(spec, parameters), ...spec.faults(parameters)].map(({ keys, message }) => ({
    path: pathOf(['parameters', ...keys]),
    message: `${message} (operation "${operation}" of service "${service}")`,
  }));
}
