import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Caller, WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { isObject, readBody, type Json } from '../../server/bodies.ts';
import { conflict, failure, userError } from '../../server/failures.ts';
import { workspacePath } from '../../server/paths.ts';
import { stamp } from '../../server/stamps.ts';
import { addedIn } from '../../served/records.ts';
import type { AddedWorkspace } from '../../served/added.ts';
import { answerAccepted, answerPut } from '../onlineEndpoints/operationAnswers.ts';
import { detailsOf, keepDetails, workspaceResource } from './details.ts';

/** The published rule for names of workspaces. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/;

/** Making, replacing and deleting workspaces: the process serves those beside the one that was made at start. */
export function makingRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const make = maker(context);
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
  return app;
}

interface Made {
  readonly workspace: WorkspaceContext;
  readonly created: boolean;
  readonly statusUrl: string;
}

/** What makes a workspace from the body of its resource, or replaces what one says of itself. */
function maker(
  context: WorkspaceContext,
): (name: string, body: Json, caller: Pick<Caller, 'name'>) => Promise<Made> {
  const { served, store, clock } = context;
  const begin = context.operations.task<AddedWorkspace>({
    name: 'workspace',
    kind: 'ws',
    work: async ({ workspaceId }) => served.withId(workspaceId)?.storageReady,
  });
  return async (name, body, caller) => {
    checkKind(body);
    const known = served.named(name);
    if (known === context) throw madeAtStart();
    const key = checkName(name).toLowerCase();
    const added = addedIn(store).get(key) ?? {
      name,
      workspaceId: randomUUID(),
      createdAt: clock.now().toISOString(),
      location: locationIn(body, context),
    };
    const statusUrl = await begin(added, () => void addedIn(store).put(key, added));
    const workspace = await served.open(added);
    await keepDetails(workspace, {
      ...readDetails(body),
      stamps: stamp(clock, caller, known && detailsOf(known).stamps),
    });
    return { workspace, created: known === undefined, statusUrl };
  };
}

function locationIn({ location }: Json, { identity }: WorkspaceContext): string {
  if (location === undefined) throw userError("The request needs a 'location'.");
  return typeof location === 'string' && location !== '' ? location : identity.location;
}

function readDetails({ tags, sku, identity, properties }: Json): {
  tags: Json;
  sku?: Json;
  identity?: Json;
  properties: Json;
} {
  return {
    tags: isObject(tags) ? tags : {},
    ...(isObject(sku) ? { sku } : {}),
    ...(isObject(identity) ? { identity } : {}),
    properties: isObject(properties) ? properties : {},
  };
}

function checkKind({ kind }: Json): void {
  if (kind === undefined || kind === null || String(kind).toLowerCase() === 'default') return;
  throw failure(
    501,
    'NotSupported',
    `The embedded workspace makes workspaces of the kind Default only, not '${String(kind)}': it has no hubs, projects and feature stores.`,
    'unsupported',
  );
}

function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw userError(
    `The workspace name '${name}' is not valid. It has 3 to 33 letters, digits, dashes and underscores, and starts with a letter or digit.`,
  );
}

function madeAtStart(): Error {
  return conflict(
    'This workspace is made when the process is started: it can be changed by PATCH, but not replaced or deleted by a request. ' +
      'Delete its data folder instead, or make another workspace beside it.',
  );
}
