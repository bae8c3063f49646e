import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Clock, Operations, WorkspaceEnv, WorkspaceIdentity, WorkspaceUrls } from '../context.ts';
import type { Faults } from '../faults/faults.ts';
import type { Store } from '../store/store.ts';
import { replyFor } from './answers.ts';
import { failure } from './failures.ts';

const STATUS = 'mfeOperationsStatus';
const RESULTS = 'mfeOperationResults';
const API_VERSION = '2022-10-01';

/** ARM's status document of a long-running operation. */
interface Operation {
  readonly id: string;
  readonly name: string;
  readonly status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  readonly startTime: string;
  readonly endTime?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

interface OperationsSettings {
  readonly store: Store;
  readonly identity: WorkspaceIdentity;
  readonly urls: WorkspaceUrls;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: (line: string) => void;
}

/** Operations whose state is in the store: after a restart a finished one is still found, an unfinished one has failed. */
export async function openOperations(settings: OperationsSettings): Promise<Operations> {
  const { store, identity, urls, clock, faults, log } = settings;
  const operations = store.collection<Operation>('operations');
  const now = () => clock.now().toISOString();
  for (const [name, operation] of [...operations.list()]) {
    if (operation.status === 'InProgress')
      await operations.put(name, { ...operation, ...interrupted(), endTime: now() });
  }
  return {
    begin: async (kind, work) => {
      const name = `${kind}:${identity.workspaceId}:${randomUUID()}`;
      const id = `${locationPath(identity)}/${STATUS}/${name}`;
      const started: Operation = { id, name, status: 'InProgress', startTime: now() };
      await operations.put(name, started);
      const finish = (end: Partial<Operation>) =>
        operations.put(name, { ...started, ...end, endTime: now() });
      void faults
        .beforeProvisioning(clock)
        .then(work)
        .then(
          () => finish({ status: 'Succeeded' }),
          (error: unknown) => {
            const { status, code, message } = replyFor(error);
            if (status >= 500)
              log(`operation ${name}: ${error instanceof Error ? error.stack : String(error)}`);
            return finish({ status: 'Failed', error: { code, message } });
          },
        )
        .catch((error: unknown) => log(`operation ${name} could not be recorded: ${String(error)}`));
      return `${urls.api}${id}?api-version=${API_VERSION}`;
    },
  };
}

/** The headers of an answer that starts an operation: core-lro and Python's pollers follow either address. */
export function operationHeaders(statusUrl: string): Record<string, string> {
  return {
    'azure-asyncoperation': statusUrl,
    location: statusUrl.replace(`/${STATUS}/`, `/${RESULTS}/`),
    // Python's pollers take 0 for absent and then wait 30 seconds.
    'retry-after': '1',
    'x-ms-async-operation-timeout': 'PT1H',
  };
}

/** Status and result of operations, below `locations/<region>`. */
export function operationsRoutes({ store }: { readonly store: Store }): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const operations = store.collection<Operation>('operations');
  const base =
    '/subscriptions/:subscriptionId/providers/Microsoft.MachineLearningServices/locations/:location';
  const find = (name: string): Operation => {
    const operation = operations.get(name);
    if (operation === undefined) throw failure(404, 'NotFound', `There is no operation '${name}'.`);
    return operation;
  };
  app.get(`${base}/${STATUS}/:name`, (request) => {
    const operation = find(request.req.param('name'));
    return request.json(operation, 200, operation.status === 'InProgress' ? { 'retry-after': '1' } : {});
  });
  app.get(`${base}/${RESULTS}/:name`, (request) => {
    const operation = find(request.req.param('name'));
    if (operation.status === 'InProgress')
      return request.body(null, 202, { location: request.req.url, 'retry-after': '1' });
    if (operation.status === 'Succeeded') return request.body(null, 204);
    throw failure(
      409,
      operation.error?.code ?? 'UserError',
      operation.error?.message ?? 'The operation was cancelled.',
    );
  });
  return app;
}

function locationPath({ subscriptionId, location }: WorkspaceIdentity): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}`;
}

function interrupted(): Pick<Operation, 'status' | 'error'> {
  const message = 'The embedded workspace was stopped before the operation ended.';
  return { status: 'Failed', error: { code: 'OperationCanceled', message } };
}
