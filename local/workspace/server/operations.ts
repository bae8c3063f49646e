import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type {
  BeginOperation,
  Clock,
  Operations,
  OperationTask,
  WorkspaceEnv,
  WorkspaceIdentity,
  WorkspaceUrls,
} from '../context.ts';
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

/** What an operation that has not ended does; kept beside it, and gone with its end. */
interface Begun {
  readonly task: string;
  readonly data: unknown;
}

/** Operations whose state is in the store: after a restart a finished one is still found, and an unfinished one goes on. */
export function openOperations(settings: OperationsSettings): Operations {
  const { store, identity, urls, clock, faults, log } = settings;
  const operations = store.collection<Operation>('operations');
  const begun = store.collection<Begun>('operationsBegun');
  const tasks = new Map<string, OperationTask<unknown>>();
  const now = () => clock.now().toISOString();

  const end = (name: string, outcome: Partial<Operation>): Promise<void> =>
    store.transaction(() => {
      const started = operations.get(name);
      if (started) void operations.put(name, { ...started, ...outcome, endTime: now() });
      void begun.delete(name);
    });
  const run = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await end(name, await outcomeOf(work, (error) => log(`operation ${name}: ${error}`)));
    } catch (error) {
      log(`operation ${name} could not be recorded: ${String(error)}`);
    }
  };
  return {
    task: <T>(task: OperationTask<T>): BeginOperation<T> => {
      // The data of a task is what its own `begin` was given.
      tasks.set(task.name, task as OperationTask<unknown>);
      return async (data, alongside) => {
        const name = `${task.kind}:${identity.workspaceId}:${randomUUID()}`;
        const id = `${locationPath(identity)}/${STATUS}/${name}`;
        const statusUrl = `${urls.api}${id}?api-version=${API_VERSION}`;
        await store.transaction(() => {
          alongside?.(statusUrl);
          void operations.put(name, { id, name, status: 'InProgress', startTime: now() });
          void begun.put(name, { task: task.name, data });
        });
        void run(name, () => faults.beforeProvisioning(clock).then(() => task.work(data, false)));
        return statusUrl;
      };
    },
    carryOn: () => {
      for (const [name, { status }] of [...operations.list()])
        if (status === 'InProgress' && !begun.get(name)) void run(name, () => Promise.reject(interrupted()));
      for (const [name, { task, data }] of [...begun.list()]) {
        const known = tasks.get(task);
        void run(name, () => (known ? known.work(data, true) : Promise.reject(interrupted())));
      }
    },
  };
}

async function outcomeOf(
  work: () => Promise<void>,
  log: (error: string) => void,
): Promise<Pick<Operation, 'status' | 'error'>> {
  try {
    await work();
    return { status: 'Succeeded' };
  } catch (error) {
    const { status, code, message } = replyFor(error);
    if (status >= 500) log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { status: 'Failed', error: { code, message } };
  }
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

function interrupted(): Error {
  return failure(
    400,
    'OperationCanceled',
    'The embedded workspace was stopped before the operation ended, and now cannot go on with it.',
  );
}
