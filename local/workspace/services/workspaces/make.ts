import { randomUUID } from 'node:crypto';
import type { BeginOperation, Caller, WorkspaceContext } from '../../context.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { workspacesBody } from '../../rules/workspaces.ts';
import { checkShape } from '../../rules/shape.ts';
import { conflict, failure, userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import type { AddedWorkspace } from '../../served/added.ts';
import { addedIn } from '../../served/records.ts';
import { detailsOf, keepDetails } from './details.ts';

/** The published rule for names of workspaces. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/;

export interface Made {
  readonly workspace: WorkspaceContext;
  readonly created: boolean;
  readonly statusUrl: string;
}

/** Makes a workspace from the body of its resource, or replaces what one says of itself; `begin` starts what a client follows. */
export type Make = (
  name: string,
  body: Json,
  caller: Pick<Caller, 'name'>,
  begin: BeginOperation<AddedWorkspace>,
) => Promise<Made>;

export function maker({ served, store, clock, identity }: WorkspaceContext): Make {
  return async (name, body, caller, begin) => {
    const known = served.named(name);
    if (known === served.first) throw madeAtStart();
    checkShape(workspacesBody, body);
    checkKind(body);
    const key = checkName(name).toLowerCase();
    const added = addedIn(store).get(key) ?? {
      name,
      workspaceId: randomUUID(),
      createdAt: clock.now().toISOString(),
      location: typeof body.location === 'string' ? body.location : identity.location,
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

/** Why the first workspace is neither replaced nor deleted. */
export function madeAtStart(): Error {
  return conflict(
    'This workspace is made when the process is started: it can be changed by PATCH, but not replaced or deleted by a request. ' +
      'Delete its data folder instead, or make another workspace beside it.',
  );
}
