import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentRequest } from '../environments/index.ts';
import { findMlmodel } from './findMlmodel.ts';
import type { RevisionFolders } from './materialise.ts';
import type { DeploymentPlan } from './plan.ts';

/** The server that answers for every scoring script; this version runs beside scikit-learn 1.6 and mlflow 2.22. */
const INFERENCE_SERVER = 'azureml-inference-server-http==1.5.1';
const SERVER_NAMES = /azureml[-_]inference[-_]server[-_]http|azureml-defaults/i;

/** The environment of a deployment with the inference server in it; the user's own pin of the server wins. */
export async function environmentRequest(
  plan: DeploymentPlan,
  folders: RevisionFolders,
): Promise<EnvironmentRequest> {
  const given = plan.environment ?? (await environmentOfModel(folders.modelFolder));
  const text = given.condaFile ?? '';
  const needed = [
    ...(SERVER_NAMES.test(text) ? [] : [INFERENCE_SERVER]),
    ...(plan.code ? [] : MLFLOW_PACKAGES.filter((name) => !mentions(text, name))),
  ];
  return { ...given, extraPipRequirements: [...(given.extraPipRequirements ?? []), ...needed] };
}

/** What the built-in script for MLflow models imports. */
const MLFLOW_PACKAGES = ['mlflow', 'pandas'];

/** An MLflow model brings its own conda file. */
async function environmentOfModel(modelFolder: string): Promise<EnvironmentRequest> {
  const folder = await findMlmodel(modelFolder);
  const condaFile =
    folder && (await readFile(path.join(folder, 'conda.yaml'), 'utf8').catch(() => undefined));
  return condaFile === undefined ? {} : { condaFile };
}

function mentions(condaFile: string, name: string): boolean {
  return new RegExp(`^\\s*-\\s*['"]?${name}\\s*(?:[=<>!~\\[;'"]|$)`, 'im').test(condaFile);
}
