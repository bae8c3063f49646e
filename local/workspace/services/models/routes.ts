import type { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { modelsBody, modelsVersionsBody } from '../../rules/assets.ts';
import { defined } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { AssetKind } from '../assets/assetKind.ts';
import { pendingUploadRoutes } from '../assets/pendingUpload.ts';
import { assetRoutes } from '../assets/routes.ts';

/** The forms of a model's address that name the job it came from. */
const JOB_IN_URI = [
  /^azureml:\/\/jobs\/([^/]+)\//,
  /^runs:\/+([^/]+)(?:\/|$)/,
  /\/ExperimentRun\/dcid\.([^/]+)(?:\/|$)/,
];

/** What training gives. */
export const model: AssetKind = {
  type: 'models',
  rules: { container: modelsBody, version: modelsVersionsBody },
  noun: 'model',
  pathMember: 'modelUri',
  fixed: ['modelType', 'jobName'],
  provisioned: true,
  read: (members) => {
    const modelUri = members.needed('modelUri', members.text('modelUri'));
    if (modelUri.trim() === '') throw userError("The member 'properties.modelUri' must not be empty.");
    return defined({
      modelUri,
      modelType: members.text('modelType') ?? 'custom_model',
      flavors: members.object('flavors') ?? {},
      jobName: members.text('jobName') ?? jobOf(modelUri),
      stage: members.text('stage'),
      datasets: members.list('datasets'),
    });
  },
};

/** Models and their versions. */
export function modelsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  return assetRoutes(context, model).route('/', pendingUploadRoutes(context, 'models'));
}

function jobOf(modelUri: string): string | undefined {
  for (const form of JOB_IN_URI) {
    const job = form.exec(modelUri)?.[1];
    if (job !== undefined) return decodeURIComponent(job);
  }
  return undefined;
}
