import type { Hono } from 'hono';
import type { WorkspaceEnv } from '../context.ts';
import { actionOf } from './rights.ts';

const PROVIDER = 'Microsoft.MachineLearningServices';

/** Every action that roles can hold here, as the provider lists its operations: one for each verb of each resource that has a route. */
export function addActionList(app: Hono<WorkspaceEnv>): void {
  app.get(`/providers/${PROVIDER}/operations`, (request) => request.json({ value: actionsOf(app) }));
}

function actionsOf({ routes }: Pick<Hono<WorkspaceEnv>, 'routes'>): object[] {
  const ofProvider = routes.filter(
    ({ method, path }) =>
      path.startsWith('/subscriptions') && path.includes(PROVIDER) && method !== 'ALL' && !path.endsWith('*'),
  );
  const names = new Set(ofProvider.map(({ method, path }) => actionOf(method, path)));
  return [...names].sort().map((name) => {
    const words = name.split('/');
    const [resource, operation] = [words.slice(1, -1).join('/'), words.at(-1)];
    return {
      name,
      isDataAction: false,
      display: {
        provider: 'Azure Machine Learning',
        resource,
        operation,
        description: `${operation} of ${resource}`,
      },
    };
  });
}
