import { schemaCheck } from '../../../contracts/blocks-schema';
import { didYouMean } from '../../../contracts/blocks-suggest';
import { type ConnectorSpec, type OperationSpec, type ParameterFault } from '../../../contracts/connectors';
import { type Json } from '../../../contracts/json';
import { show } from '../../../contracts/faults';
import { holdsTemplate } from '../../../contracts/validate-flow-issues';
import { type JsonObject } from '../json';
import { type ConnectorParameter, type HttpOperation, type HttpServiceSettings } from './services';

export const WITH_BODY = ['POST', 'PUT', 'PATCH'];

export function httpServiceSpec({ description, operations }: HttpServiceSettings): ConnectorSpec {
  const specs = Object.entries(operations).map(([name, each]) => [name, httpOperationSpec(each)] as const);
  return { ...(description === undefined ? {} : { description }), operations: Object.fromEntries(specs) };
}

/** The schemas of parameters are compiled once. */
function httpOperationSpec(operation: HttpOperation): OperationSpec {
  const { description, parameters: known } = operation;
  const checks = new Map(
    Object.entries(known ?? {}).map(([name, parameter]) => [name, checkOf(parameter)] as const),
  );
  const needed = new Set([
    ...Object.entries(known ?? {}).flatMap(([name, { required }]) => (required ? [name] : [])),
    ...[...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name),
  ]);

  function faultOf(name: string, value: Json, shown: Readonly<JsonObject> | undefined): string | null {
    const check = checks.get(name);
    if (known !== undefined && check === undefined)
      return `means nothing here${didYouMean(name, Object.keys(known))}`;
    if (check === undefined || (shown === undefined && holdsTemplate(value))) return null;
    const fault = check(value);
    return fault === null ? null : `is ${show((shown ?? { [name]: value })[name])}; it ${fault}`;
  }

  return {
    ...(description === undefined ? {} : { description }),
    literal: [],
    faults: (parameters, shown) => [
      ...[...needed].flatMap((name): ParameterFault[] =>
        isGiven(parameters, name) ? [] : [{ keys: [name], message: 'is missing' }],
      ),
      ...Object.entries(parameters).flatMap(([name, value]): ParameterFault[] => {
        const message = needed.has(name) && value === null ? null : faultOf(name, value, shown);
        return message === null ? [] : [{ keys: [name], message }];
      }),
    ],
  };
}

function isGiven(parameters: Readonly<JsonObject>, name: string): boolean {
  return Object.hasOwn(parameters, name) && parameters[name] !== null;
}

function checkOf({ type, schema }: ConnectorParameter): (value: Json) => string | null {
  if (schema !== undefined) return schemaCheck(schema);
  if (type === undefined) return () => null;
  const check = schemaCheck({ type });
  // Nothing is not given.
  return (value) => (value === null ? null : check(value));
}
