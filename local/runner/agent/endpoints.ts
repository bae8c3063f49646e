import type { ServiceConnection } from '../connections.ts';
import { Problem } from '../../../shared/problem/index.ts';
import type { Masker } from './variables/masker.ts';

/** A service connection as one job sees it; `task.setendpoint` may change it for the steps that follow. */
export interface Endpoint {
  readonly id: string;
  readonly name: string;
  url: string;
  readonly scheme: string;
  readonly parameters: Map<string, string>;
  readonly data: Map<string, string>;
}

/** The job's own connection to Azure DevOps, given to every task. */
export const SYSTEM_ENDPOINT = 'SYSTEMVSSCONNECTION';

export interface Endpoints {
  readonly system: Endpoint;
  /** By id or name, without regard to case. */
  find(idOrName: string): Endpoint | undefined;
  set(id: string, field: string, key: string | undefined, value: string): void;
}

/** Authorization parameters the agent leaves readable (MaskingUtil); the client id is not among them. */
const READABLE = new Set([
  'accesstokentype',
  'accesstokenfetchingmethod',
  'audience',
  'authenticationtype',
  'authorityurl',
  'expiresat',
  'issuedat',
  'issuer',
  'role',
  'rolesessionname',
  'scope',
  'tenantid',
  'workloadidentityfederationissuer',
  'workloadidentityfederationsubject',
]);

export function createEndpoints(
  system: { readonly url: string; readonly accessToken: string },
  connections: readonly ServiceConnection[],
  masker: Masker,
): Endpoints {
  const systemEndpoint: Endpoint = {
    id: SYSTEM_ENDPOINT,
    name: SYSTEM_ENDPOINT,
    url: system.url,
    scheme: 'OAuth',
    parameters: new Map([['AccessToken', system.accessToken]]),
    data: new Map(),
  };
  const endpoints = connections.map(endpointOf);
  for (const endpoint of [systemEndpoint, ...endpoints]) hideParameters(endpoint, masker);
  const find = (wanted: string): Endpoint | undefined => {
    const key = wanted.toLowerCase();
    return endpoints.find((one) => one.id === key) ?? endpoints.find((one) => one.name.toLowerCase() === key);
  };
  return { system: systemEndpoint, find, set: (...change) => setField(find, masker, ...change) };
}

function endpointOf(connection: ServiceConnection): Endpoint {
  return {
    id: connection.id.toLowerCase(),
    name: connection.name,
    url: connection.url,
    scheme: connection.scheme,
    parameters: new Map(Object.entries(connection.parameters)),
    data: new Map(Object.entries(connection.data)),
  };
}

function hideParameters(endpoint: Endpoint, masker: Masker): void {
  for (const [key, value] of endpoint.parameters)
    if (!READABLE.has(key.toLowerCase())) masker.addJobSecret(value);
}

function setField(
  find: Endpoints['find'],
  masker: Masker,
  id: string,
  field: string,
  key: string | undefined,
  value: string,
): void {
  if (id.toUpperCase() === SYSTEM_ENDPOINT)
    throw refuse('The connection of the job itself cannot be changed.');
  const endpoint = find(id);
  if (!endpoint) throw refuse(`The job has no service connection '${id}'.`);
  switch (field.toLowerCase()) {
    case 'url':
      if (!URL.canParse(value)) throw refuse(`'${value}' is not a URL.`);
      endpoint.url = value;
      return;
    case 'authparameter':
      masker.add(value);
      setKey(endpoint.parameters, key, value);
      return;
    case 'dataparameter':
      setKey(endpoint.data, key, value);
      return;
    default:
      throw refuse(
        `A service connection has no field '${field}'; authParameter, dataParameter and url can be set.`,
      );
  }
}

function setKey(values: Map<string, string>, key: string | undefined, value: string): void {
  if (!key) throw refuse("The property 'key' is missing.");
  const known = [...values.keys()].find((one) => one.toLowerCase() === key.toLowerCase());
  values.set(known ?? key, value);
}

function refuse(message: string): Problem {
  return new Problem({ code: 'input', message });
}
