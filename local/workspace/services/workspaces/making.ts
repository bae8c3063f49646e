import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { readBody } from '../../server/bodies.ts';
import { workspacePath } from '../../server/paths.ts';
import type { AddedWorkspace } from '../../served/added.ts';
import { addedIn } from '../../served/records.ts';
import { answerAccepted, answerPut } from '../onlineEndpoints/operationAnswers.ts';
import { deploymentsRoutes } from './deployments.ts';
import { workspaceResource } from './details.ts';
import { madeAtStart, maker } from './make.ts';

/** Making, replacing and deleting workspaces: the process serves those beside the one that was made at start. */
export function makingRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const make = maker(context);
  const beginMaking = context.operations.task<AddedWorkspace>({
    name: 'workspace',
    kind: 'ws',
    work: async ({ workspaceId }) => context.served.withId(workspaceId)?.storageReady,
  });
  const beginDelete = context.operations.task<AddedWorkspace>({
    name: 'workspaceDelete',
    kind: 'ws',
    work: (added) => context.served.remove(added),
  });
  app.put(workspacePath, async (request) => {
    const body = await readBody(request);
    const { workspace, created, statusUrl } = await make(
      request.req.param('workspaceName'),
      body,
      request.get('caller'),
      beginMaking,
    );
    return answerPut(request, { created, statusUrl }, workspaceResource(workspace));
  });
  app.delete(workspacePath, async (request) => {
    const name = request.req.param('workspaceName').toLowerCase();
    if (context.served.named(name) === context) throw madeAtStart();
    const added = addedIn(context.store).get(name);
    if (added === undefined) return request.body(null, 204);
    const statusUrl = await beginDelete(added, () => void addedIn(context.store).delete(name));
    context.served.forget(added.workspaceId);
    return answerAccepted(request, statusUrl);
  });
  return app.route('/', deploymentsRoutes(context, make));
}
