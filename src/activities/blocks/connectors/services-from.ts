import {
  connectorCatalog,
  type Connector,
  type ConnectorCatalog,
  type ConnectorSpec,
} from '../../../contracts/connectors';
import { type HttpCaller } from '../http-caller';
import { definedService } from './defined-service';
import { httpServiceSpec } from './http-parameters';
import { httpService } from './http-service';
import { postgresConnector } from './postgres';
import { type Service } from './service';
import { type ConnectorServices } from './services';

interface Given {
  readonly services?: ConnectorServices;
  readonly connectors?: readonly Connector[];
}

/** The services of a worker: those of the platform's file, and those of its code. Throws `TypeError` where two share a name. */
export function servicesFrom(given: Given, http: HttpCaller): Readonly<Record<string, Service>> {
  const { services = {}, connectors = [] } = given;
  // Two of one name are found out here.
  servicesCatalog(given);
  const ofFile = Object.entries(services).map(([name, settings]): readonly [string, Service] => [
    name,
    settings.kind === 'postgres'
      ? definedService(postgresConnector(name, settings))
      : httpService(settings, http),
  ]);
  const ofCode = connectors.map((each) => [each.service, definedService(each)] as const);
  return Object.fromEntries([...ofFile, ...ofCode]);
}

/** What the validator knows of these services. Throws `TypeError` where two share a name. */
export function servicesCatalog({ services = {}, connectors = [] }: Given): ConnectorCatalog {
  const ofFile = Object.entries(services).map(([name, settings]): readonly [string, ConnectorSpec] => [
    name,
    settings.kind === 'postgres' ? postgresConnector(name, settings).spec : httpServiceSpec(settings),
  ]);
  return connectorCatalog(connectors, Object.fromEntries(ofFile));
}
