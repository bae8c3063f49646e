import type { Answering } from '../server/listen.ts';
import { OWN_PATH } from './addedContext.ts';
import type { Workspaces } from './workspaces.ts';

/** Where a path names its workspace: Resource Manager's and the data planes' alike. */
const NAMED =
  /\/resourcegroups\/[^/]+\/providers\/microsoft\.machinelearningservices\/workspaces\/([^/]+)(\/?)/i;
/** Operations carry the id of their workspace in their name. */
const OPERATION = /\/mfeoperation(?:sstatus|results)\/[^/:%]+(?::|%3a)([0-9a-f-]{36})(?::|%3a)/i;

/** Makes and ends workspaces, which is no workspace's own affair. */
const MAKING = /^(?:PUT|DELETE)$/;

/** Gives each request to the workspace it is for; what names none, or one that is not there, is the first's. */
export function dispatching(first: Answering, workspaces: Workspaces): Answering {
  return (request, bindings) => {
    const app = workspaces.added === 0 ? undefined : appFor(request, workspaces);
    return app ? app.fetch(request, bindings) : first(request, bindings);
  };
}

function appFor({ method, url }: Request, workspaces: Workspaces): ReturnType<Workspaces['appOf']> {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.indexOf('?');
  const path = url.slice(start, end < 0 ? undefined : end);
  if (path.startsWith(OWN_PATH)) return workspaces.appOf(path.split('/', 3)[2] ?? '');
  const [, name, slash] = NAMED.exec(path) ?? [];
  if (name !== undefined) return slash === '' && MAKING.test(method) ? undefined : workspaces.appOf(name);
  const [, id] = OPERATION.exec(path) ?? [];
  return id === undefined ? undefined : workspaces.appWithId(id);
}
