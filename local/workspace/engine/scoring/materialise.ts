import { appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import type { BlobStorage } from '../../context.ts';
import { MLFLOW_SCRIPT, MLFLOW_SCRIPT_NAME } from './mlflowScript.ts';
import type { AssetLocation, DeploymentPlan } from './plan.ts';

/** Folders and files of one revision. */
export interface RevisionFolders {
  readonly root: string;
  readonly appRoot: string;
  /** AZUREML_MODEL_DIR; there also when the deployment has no model. */
  readonly modelFolder: string;
  /** Home folder of the processes, so that they do not meet in the user's own. */
  readonly home: string;
  readonly logs: string;
  readonly initializerLog: string;
  readonly eventFile: string;
  readonly environmentLog: string;
}

/** Where a revision lives below the deployments folder. */
export function revisionFolders(
  base: string,
  plan: Pick<DeploymentPlan, 'endpoint' | 'deployment' | 'revision' | 'model'>,
): RevisionFolders {
  const root = path.join(base, plan.endpoint, plan.deployment, plan.revision);
  const logs = path.join(root, 'logs');
  const models = path.join(root, 'app', 'azureml-models');
  return {
    root,
    appRoot: path.join(root, 'app', 'code'),
    modelFolder: plan.model ? path.join(models, plan.model.name, plan.model.version) : models,
    home: path.join(root, 'home'),
    logs,
    initializerLog: path.join(logs, 'storage-initializer.log'),
    eventFile: path.join(logs, 'events.jsonl'),
    environmentLog: path.join(logs, 'environment.log'),
  };
}

export async function makeFolders(folders: RevisionFolders): Promise<void> {
  const wanted = [folders.appRoot, folders.modelFolder, folders.home, folders.logs];
  await Promise.all(wanted.map((folder) => mkdir(folder, { recursive: true })));
}

/** Brings code and model from blob storage, as Azure's storage initializer does; returns the entry script's path below the app root. */
export async function materialise(
  plan: DeploymentPlan,
  folders: RevisionFolders,
  storage: BlobStorage,
): Promise<string> {
  const log = (line: string) => appendFile(folders.initializerLog, `${new Date().toISOString()} ${line}\n`);
  if (plan.model) await bringModel(plan.model, folders.modelFolder, storage, log);
  else await log('The deployment has no model to download.');
  if (plan.collections.length > 0) {
    await log(
      `Nothing is collected on this machine: what is named ${plan.collections.join(', ')} stays empty.`,
    );
  }
  if (plan.code) return bringCode(plan.code, folders.appRoot, storage, log);
  await writeFile(path.join(folders.appRoot, MLFLOW_SCRIPT_NAME), MLFLOW_SCRIPT);
  await log('The deployment has no scoring script; MLflow models are served with the built-in one.');
  return MLFLOW_SCRIPT_NAME;
}

type Log = (line: string) => Promise<void>;

async function bringModel(
  model: NonNullable<DeploymentPlan['model']>,
  folder: string,
  storage: BlobStorage,
  log: Log,
): Promise<void> {
  const what = `model ${model.name}:${model.version}`;
  await log(`Downloading ${what} from ${model.location.container}/${model.location.path}`);
  const files = await download(model.location, folder, storage);
  await log(`Downloaded ${what}: ${files} ${files === 1 ? 'file' : 'files'}`);
  if (files === 0) throw nothingThere(what, model.location);
}

async function bringCode(
  code: NonNullable<DeploymentPlan['code']>,
  folder: string,
  storage: BlobStorage,
  log: Log,
): Promise<string> {
  await log(`Downloading code from ${code.container}/${code.path}`);
  const files = await storage.downloadPrefix(code.container, asPrefix(code.path), folder);
  await log(`Downloaded code: ${files} ${files === 1 ? 'file' : 'files'}`);
  if (files === 0) throw nothingThere('the code', code);
  const script = path.resolve(folder, code.scoringScript);
  const isInside = script.startsWith(folder + path.sep);
  if (isInside && (await stat(script).catch(() => undefined))?.isFile()) return code.scoringScript;
  throw new Problem({
    code: 'deployment',
    message: `The scoring script '${code.scoringScript}' is not among the ${files} files of the code folder.`,
    next: "Correct 'scoring_script' in the deployment: the path is relative to the code folder.",
  });
}

/** A blob keeps its own name, a folder its last path element: that is where Azure puts them. */
async function download(location: AssetLocation, folder: string, storage: BlobStorage): Promise<number> {
  const name = path.posix.basename(location.path);
  const isFile = !location.path.endsWith('/') && (await storage.exists(location.container, location.path));
  if (isFile) {
    await storage.downloadFile(location.container, location.path, path.join(folder, name));
    return 1;
  }
  return storage.downloadPrefix(location.container, asPrefix(location.path), path.join(folder, name));
}

function asPrefix(location: string): string {
  return location === '' || location.endsWith('/') ? location : `${location}/`;
}

function nothingThere(what: string, location: AssetLocation): Problem {
  return new Problem({
    code: 'model',
    message: `There are no files of ${what} at ${location.container}/${location.path}.`,
    next: 'Register the asset again, with a path that holds files.',
  });
}
