import type { Arm, RequestOptions } from '../connect/arm.ts';
import { waitForOperation, type OperationOptions } from '../connect/operation.ts';
import { pages } from '../connect/paging.ts';
import { number, numbers, record, text, texts, type Json } from '../connect/parse.ts';

export interface Endpoint {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly provisioningState: string;
  readonly authMode: string;
  readonly scoringUri: string | undefined;
  readonly traffic: Readonly<Record<string, number>>;
  readonly mirrorTraffic: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  /** ARM id of the Kubernetes compute, for endpoints that run on one. */
  readonly compute: string | undefined;
  /** The whole body, to be changed and sent back: traffic can only be changed by PUT. */
  readonly raw: Json;
}

export interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly provisioningState: string;
  /** Model id as the service keeps it: an ARM id, a registry id, or a path of an unregistered model. */
  readonly model: string | undefined;
  readonly endpointComputeType: string;
  readonly instanceType: string | undefined;
  readonly instanceCount: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly raw: Json;
}

export interface Endpoints {
  get(name: string, options?: RequestOptions): Promise<Endpoint | undefined>;
  list(options?: RequestOptions): AsyncIterable<Endpoint>;
  /** Creates or replaces, and waits until the service is done. */
  put(name: string, body: Json, options?: OperationOptions): Promise<Endpoint>;
  delete(name: string, options?: OperationOptions): Promise<void>;
  /** What goes into `Authorization: Bearer` when scoring: the primary key, or a token. Secret: mask it. */
  scoringToken(endpoint: Endpoint, options?: RequestOptions): Promise<string>;
  readonly deployments: Deployments;
}

export interface Deployments {
  get(endpoint: string, name: string, options?: RequestOptions): Promise<Deployment | undefined>;
  list(endpoint: string, options?: RequestOptions): Promise<readonly Deployment[]>;
  put(endpoint: string, name: string, body: Json, options?: OperationOptions): Promise<Deployment>;
  delete(endpoint: string, name: string, options?: OperationOptions): Promise<void>;
  /** The last lines of a container's log. */
  logs(
    endpoint: string,
    name: string,
    log: { container: 'InferenceServer' | 'StorageInitializer'; tail: number },
    options?: RequestOptions,
  ): Promise<string>;
}

/** `directoryToken` signs in for scoring, for endpoints that take the directory's own tokens. */
export function createEndpoints(
  arm: Arm,
  workspaceId: string,
  directoryToken: (options?: RequestOptions) => Promise<string>,
): Endpoints {
  const path = (name: string): string => `${workspaceId}/onlineEndpoints/${encodeURIComponent(name)}`;
  const endpoints: Endpoints = {
    deployments: createDeployments(arm, path),
    async get(name, options) {
      const answer = await arm.send(`Reading endpoint '${name}'`, 'GET', path(name), undefined, {
        ...options,
        allow: [404],
      });
      return answer.status === 404 ? undefined : parseEndpoint(answer.body);
    },
    async *list(options) {
      for await (const item of pages(
        arm,
        'Listing the online endpoints',
        `${workspaceId}/onlineEndpoints`,
        options,
      ))
        yield parseEndpoint(item);
    },
    async put(name, body, options) {
      const what = `Updating endpoint '${name}'`;
      await waitForOperation(arm, what, await arm.send(what, 'PUT', path(name), body, options), options);
      return parseEndpoint(
        (await arm.send(`Reading endpoint '${name}'`, 'GET', path(name), undefined, options)).body,
      );
    },
    async delete(name, options) {
      const what = `Deleting endpoint '${name}'`;
      const answer = await arm.send(what, 'DELETE', path(name), undefined, { ...options, allow: [404] });
      if (answer.status !== 404) await waitForOperation(arm, what, answer, options);
    },
    async scoringToken(endpoint, options) {
      const mode = endpoint.authMode.toLowerCase();
      if (mode === 'aadtoken') return directoryToken(options);
      const isKey = mode === 'key';
      const what = `Reading the scoring ${isKey ? 'key' : 'token'} of endpoint '${endpoint.name}'`;
      const url = `${path(endpoint.name)}/${isKey ? 'listKeys' : 'token'}`;
      const answer = await arm.send(what, 'POST', url, undefined, options);
      return text(record(answer.body)[isKey ? 'primaryKey' : 'accessToken']) ?? '';
    },
  };
  return endpoints;
}

function createDeployments(arm: Arm, endpointPath: (name: string) => string): Deployments {
  const path = (endpoint: string, name: string): string =>
    `${endpointPath(endpoint)}/deployments/${encodeURIComponent(name)}`;
  const label = (endpoint: string, name: string): string => `deployment '${name}' of endpoint '${endpoint}'`;
  return {
    async get(endpoint, name, options) {
      const answer = await arm.send(
        `Reading ${label(endpoint, name)}`,
        'GET',
        path(endpoint, name),
        undefined,
        { ...options, allow: [404] },
      );
      return answer.status === 404 ? undefined : parseDeployment(answer.body);
    },
    async list(endpoint, options) {
      const found: Deployment[] = [];
      const what = `Listing the deployments of endpoint '${endpoint}'`;
      for await (const item of pages(arm, what, `${endpointPath(endpoint)}/deployments`, options))
        found.push(parseDeployment(item));
      return found;
    },
    async put(endpoint, name, body, options) {
      const what = `Creating ${label(endpoint, name)}`;
      await waitForOperation(
        arm,
        what,
        await arm.send(what, 'PUT', path(endpoint, name), body, options),
        options,
      );
      return parseDeployment(
        (await arm.send(`Reading ${label(endpoint, name)}`, 'GET', path(endpoint, name), undefined, options))
          .body,
      );
    },
    async delete(endpoint, name, options) {
      const what = `Deleting ${label(endpoint, name)}`;
      const answer = await arm.send(what, 'DELETE', path(endpoint, name), undefined, {
        ...options,
        allow: [404],
      });
      if (answer.status !== 404) await waitForOperation(arm, what, answer, options);
    },
    async logs(endpoint, name, { container, tail }, options) {
      const answer = await arm.send(
        `Reading the log of ${label(endpoint, name)}`,
        'POST',
        `${path(endpoint, name)}/getLogs`,
        { containerType: container, tail },
        options,
      );
      return text(record(answer.body)['content']) ?? '';
    },
  };
}

function parseEndpoint(body: unknown): Endpoint {
  const raw = record(body);
  const properties = record(raw['properties']);
  return {
    id: text(raw['id']) ?? '',
    name: text(raw['name']) ?? '',
    location: text(raw['location']) ?? '',
    provisioningState: text(properties['provisioningState']) ?? 'Unknown',
    authMode: text(properties['authMode']) ?? 'Key',
    scoringUri: text(properties['scoringUri']),
    traffic: numbers(properties['traffic']),
    mirrorTraffic: numbers(properties['mirrorTraffic']),
    tags: texts(raw['tags']),
    compute: text(properties['compute']),
    raw,
  };
}

function parseDeployment(body: unknown): Deployment {
  const raw = record(body);
  const properties = record(raw['properties']);
  return {
    id: text(raw['id']) ?? '',
    name: text(raw['name']) ?? '',
    provisioningState: text(properties['provisioningState']) ?? 'Unknown',
    model: text(properties['model']),
    endpointComputeType: text(properties['endpointComputeType']) ?? 'Managed',
    instanceType: text(properties['instanceType']),
    instanceCount: number(record(raw['sku'])['capacity']),
    tags: texts(raw['tags']),
    raw,
  };
}
