import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { dataPlanePath } from '../../server/paths.ts';
import { artifactCalls } from './artifactCalls.ts';
import type { MlflowCall } from './call.ts';
import { experimentCalls } from './experimentCalls.ts';
import { answerMlflowFailure, noLoggedModels } from './failures.ts';
import { logCalls } from './logCalls.ts';
import { modelCalls } from './modelCalls.ts';
import { versionCalls } from './versionCalls.ts';
import { readParameters } from './parameters.ts';
import { Registry } from './registry.ts';
import { runCalls } from './runCalls.ts';
import { takeInWorkspace } from './sources.ts';

/** Azure's plugin sends to v2.0, plain MLflow to what the tracking address says. */
export const PREFIXES = ['/mlflow/v1.0', '/mlflow/v2.0'] as const;
export const APIS = ['api/2.0/mlflow', 'api/2.0/preview/mlflow'] as const;

/** MLflow's tracking and model registry, over the workspace's runs and models. */
export function mlflowRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.onError((error, request) => answerMlflowFailure(error, context, request));
  const models = new Registry(context);
  const calls = [
    ...experimentCalls(context),
    ...runCalls(context),
    ...logCalls(context),
    ...artifactCalls(context),
    ...modelCalls(models),
    ...versionCalls(models, takeInWorkspace(context)),
  ];
  for (const prefix of PREFIXES) {
    for (const api of APIS) {
      const base = `${dataPlanePath(prefix)}/${api}` as const;
      calls.forEach((call) => add(app, base, call));
      for (const path of ['logged-models', 'logged-models/*']) app.all(`${base}/${path}`, noLoggedModels);
    }
  }
  return app;
}

function add(app: Hono<WorkspaceEnv>, base: string, [methods, path, answer]: MlflowCall): void {
  app.on([methods].flat(), `${base}/${path}`, async (request) =>
    request.json(await answer(await readParameters(request), request.get('caller'))),
  );
}
