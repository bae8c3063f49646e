import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { failure, notFound, userError } from '../../server/failures.ts';
import { registryPath } from '../../server/paths.ts';
import { blobPlaceOf } from '../../storage/place.ts';
import { roomOf } from '../registries/contents.ts';
import { registryNamed, within, type RegistryRecord } from '../registries/records.ts';
import { Shares } from '../registries/share.ts';
import { reachableRun } from '../runs/reach.ts';
import type { Method, MlflowCall } from './call.ts';
import { answerMlflowFailure } from './failures.ts';
import { modelCalls } from './modelCalls.ts';
import { readParameters } from './parameters.ts';
import { Registry } from './registry.ts';
import { APIS, PREFIXES } from './routes.ts';
import { runOf, type TakeSource } from './sources.ts';
import { versionCalls } from './versionCalls.ts';

/** MLflow's model registry over the models of registries: what `mlflow.set_registry_uri` names one for. */
export function sharedModelsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.onError((error, request) => answerMlflowFailure(error, context, request));
  for (const prefix of PREFIXES)
    for (const api of APIS) {
      const base = `${prefix}${registryPath}/${api}` as const;
      app.all(`${base}/:group/:call`, (request) => answer(context, request));
    }
  return app;
}

async function answer(context: WorkspaceContext, request: Context<WorkspaceEnv>): Promise<Response> {
  const caller = request.get('caller');
  if (caller.runId !== undefined) throw notForJobs(caller.runId);
  const { registryName = '', group, call } = request.req.param() as Record<string, string | undefined>;
  const found = callsIn(context, registryNamed(context, registryName)).find(
    ([methods, path]) =>
      path === `${group}/${call}` && [methods].flat().includes(request.req.method as Method),
  );
  if (!found) throw noSuchCall(registryName, `${request.req.method} ${group}/${call}`);
  return request.json(await found[2](await readParameters(request), caller));
}

function callsIn(context: WorkspaceContext, registry: RegistryRecord): readonly MlflowCall[] {
  const models = new Registry(within(context, registry), registry.name);
  return [...modelCalls(models), ...versionCalls(models, takeInRegistry(context, registry))];
}

/** What was uploaded to the registry stays where it is; what a run of a workspace has is copied, as sharing does. */
function takeInRegistry(context: WorkspaceContext, registry: RegistryRecord): TakeSource {
  return async ({ source, runId }, caller) => {
    if (blobPlaceOf(context, source)) {
      roomOf(context, registry, source);
      return new Registry(within(context, registry)).readSource(source);
    }
    const jobName = runOf(source, runId);
    if (jobName === undefined)
      throw userError(
        `The source '${source}' is neither a place in the registry '${registry.name}' nor the files of a run.`,
      );
    const workspace = workspaceOf(context, source, jobName);
    reachableRun(recordsIn(workspace.store), caller, jobName);
    const { modelUri, flavors } = await new Registry(workspace).readSource(source);
    return { modelUri: await new Shares(context, registry, workspace).copied(modelUri), flavors };
  };
}

/** The workspace that the address names, or else the one that has the run. */
function workspaceOf({ served }: WorkspaceContext, source: string, runId: string): WorkspaceContext {
  const named = /\/workspaces\/([^/]+)\//i.exec(source)?.[1];
  const asked = named === undefined ? served.all() : [served.named(named)];
  const found = asked.find((one) => one !== undefined && recordsIn(one.store).runs.get(runId) !== undefined);
  if (found) return found;
  throw notFound(`The run '${runId}'`);
}

function notForJobs(runId: string): Error {
  return failure(
    403,
    'AuthorizationFailed',
    `The token of the run '${runId}' does not reach registries: a job registers models in its own workspace, from where they are shared.`,
  );
}

function noSuchCall(registry: string, call: string): Error {
  return failure(
    404,
    'NotFound',
    `The registry '${registry}' has models only: ${call} is asked of a workspace.`,
  );
}
