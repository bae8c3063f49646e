import { createHash } from 'node:crypto';
import path from 'node:path';
import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { MLFLOW_BATCH_SCRIPT } from '../../engine/jobs/parallel/index.ts';
import { locate } from '../../engine/jobs/references/index.ts';
import { openAssets } from '../assets/assetStore.ts';
import type { Batch } from './batch.ts';
import type { BatchModel } from './modelOf.ts';

const SCRIPT_NAME = 'mlflow_batch.py';
/** Clients call environments so that nobody named. */
const ANONYMOUS = 'CliV2AnonymousEnvironment';
const IMAGE = 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04';
/** What the built-in script imports. */
const NEEDED = ['mlflow', 'pandas'];
const NO_CONDA_FILE = 'channels: [conda-forge]\ndependencies:\n  - pip\n';

/** The built-in script for MLflow models, kept as a code version like any other. */
export async function mlflowCode(context: WorkspaceContext): Promise<{ codeId: string; script: string }> {
  const hash = createHash('md5').update(MLFLOW_BATCH_SCRIPT).digest('hex');
  const { storage } = context;
  const folder = `LocalUpload/${hash}`;
  await context.storageReady;
  await storage.upload(storage.blobContainer, `${folder}/${SCRIPT_NAME}`, MLFLOW_BATCH_SCRIPT);
  const codeUri = storage.url(storage.blobContainer, folder);
  await openAssets(context, 'codes').putVersion({
    name: hash,
    version: '1',
    caller: { name: 'workspace' },
    merge: (current) => current ?? { ...UNNAMED, codeUri },
    container: HIDDEN,
  });
  return { codeId: `${workspaceId(context.identity)}/codes/${hash}/versions/1`, script: SCRIPT_NAME };
}

const UNNAMED = { tags: {}, properties: {}, isArchived: false, isAnonymous: true };
const HIDDEN = { tags: {}, properties: {}, isArchived: true };

/** The environment that an MLflow model brings, with what the built-in script needs where that is what scores. */
export async function mlflowEnvironment(
  { context, places }: Batch,
  model: BatchModel | undefined,
  isBuiltIn: boolean,
): Promise<string> {
  await context.storageReady;
  const given = (model && (await condaFileOf(model, places))) ?? NO_CONDA_FILE;
  const condaFile = isBuiltIn ? completed(given) : given;
  const version = createHash('md5').update(condaFile).digest('hex');
  await openAssets(context, 'environments').putVersion({
    name: ANONYMOUS,
    version,
    caller: { name: 'workspace' },
    merge: (current) => current ?? { ...UNNAMED, image: IMAGE, condaFile, osType: 'Linux' },
    container: HIDDEN,
  });
  return `${workspaceId(context.identity)}/environments/${ANONYMOUS}/versions/${version}`;
}

/** The conda file beside the `MLmodel` that is nearest to the top. */
async function condaFileOf(
  { uri }: BatchModel,
  { storage, assets, records }: Batch['places'],
): Promise<string | undefined> {
  const location = locate(uri, { storage, assets, records }, 'models');
  if (location.kind !== 'blob') return undefined;
  const prefix = location.path.replace(/\/*$/, '/');
  const files = new Set<string>();
  for await (const { path: file } of storage.list(location.container, prefix)) files.add(file);
  const depth = (file: string): number => file.split('/').length;
  const [nearest] = [...files]
    .filter((file) => path.posix.basename(file) === 'MLmodel')
    .sort((one, other) => depth(one) - depth(other));
  const conda = nearest && path.posix.join(path.posix.dirname(nearest), 'conda.yaml');
  if (!conda || !files.has(conda)) return undefined;
  return (await storage.download(location.container, conda)).toString('utf8');
}

/** Adds to the pip packages of a conda file what is not among its packages yet. */
function completed(condaFile: string): string {
  const document = parseDocument(condaFile);
  const named = condaFile.split('\n').map((line) => line.trim().replace(/^-\s*['"]?/, ''));
  const missing = NEEDED.filter((name) => !named.some((line) => new RegExp(`^${name}(?![\\w-])`).test(line)));
  if (missing.length === 0) return condaFile;
  for (const name of missing) pipList(document).add(name);
  return document.toString();
}

function pipList(document: Document): { add: (value: unknown) => void } {
  let dependencies = document.get('dependencies');
  if (!isSeq(dependencies)) {
    document.set('dependencies', document.createNode(['pip']));
    dependencies = document.get('dependencies');
  }
  if (!isSeq(dependencies)) throw new Error('A list was set right before.');
  for (const item of dependencies.items) {
    const pip: unknown = isMap(item) ? item.get('pip') : undefined;
    if (isSeq(pip)) return pip;
  }
  const list = document.createNode({ pip: [] });
  dependencies.add(list);
  const pip: unknown = list.get('pip');
  if (!isSeq(pip)) throw new Error('A list was set right before.');
  return pip;
}
