import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { readBody } from '../../server/bodies.ts';
import { failure } from '../../server/failures.ts';
import { workspacePath } from '../../server/paths.ts';
import { storageAccountId } from '../datastores/builtIn.ts';
import { usagesOf } from '../subscription/usages.ts';
import { changeWorkspace } from './changing.ts';
import { workspaceResource } from './details.ts';

/** What a workspace is examined for; nothing of it concerns one on this machine. */
const NO_FINDINGS = {
  userDefinedRouteResults: [],
  networkSecurityRuleResults: [],
  resourceLockResults: [],
  dnsResolutionResults: [],
  storageAccountResults: [],
  keyVaultResults: [],
  containerRegistryResults: [],
  applicationInsightsResults: [],
  otherResults: [],
};

/** A workspace itself: what it says, its keys, and what may be changed. */
export function workspacesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get(workspacePath, (request) => request.json(workspaceResource(context)));
  app.post(`${workspacePath}/listKeys`, (request) => request.json(storageKeys(context)));
  app.post(`${workspacePath}/listStorageAccountKeys`, (request) =>
    request.json({ userStorageKey: context.storage.accountKey }),
  );
  app.patch(workspacePath, async (request) => {
    await changeWorkspace(context, await readBody(request), request.get('caller'));
    return request.json(workspaceResource(context));
  });
  // The keys are its own: there is no copy of them to bring up to date.
  app.post(`${workspacePath}/resyncKeys`, (request) => request.body(null, 200));
  app.post(`${workspacePath}/diagnose`, (request) => request.json({ value: NO_FINDINGS }));
  app.get(`${workspacePath}/features`, (request) => request.json({ value: [] }));
  app.get(`${workspacePath}/usages`, (request) => request.json({ value: usagesOf(context) }));
  app.get(`${workspacePath}/outboundNetworkDependenciesEndpoints`, (request) => request.json({ value: [] }));
  for (const action of ['listNotebookKeys', 'listNotebookAccessToken', 'prepareNotebook'] as const) {
    app.post(`${workspacePath}/${action}`, () => {
      throw failure(400, 'UserError', 'The embedded workspace has no notebooks.');
    });
  }
  return app;
}

function storageKeys(context: WorkspaceContext): object {
  return { userStorageKey: context.storage.accountKey, userStorageArmId: storageAccountId(context) };
}
