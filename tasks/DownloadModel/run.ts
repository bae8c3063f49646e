import type { AzureML, BlobFile, BlobPlace, Models, ModelVersion } from '../../shared/azureml/index.ts';
import { downloadFiles } from '../../shared/delivery/download/files.ts';
import { promisedFiles, requirePromised, type Promised } from '../../shared/delivery/download/promised.ts';
import { createDownloadProgress } from '../../shared/delivery/download/progress.ts';
import { listFiles } from '../../shared/delivery/downloads.ts';
import { resolveModelSource } from '../../shared/delivery/modelSource.ts';
import { openWorkspace } from '../../shared/delivery/workspace.ts';
import { hashOfFiles, type RecordedFile } from '../../shared/evidence/index.ts';
import {
  createTaskLog,
  matchingPaths,
  setOutput,
  type TaskLog,
  type TaskOutcome,
} from '../../shared/pipelines/index.ts';
import { Problem } from '../../shared/problem/index.ts';
import type { DownloadInputs } from './inputs.ts';

/** Everything the story needs from outside. */
export interface DownloadServices {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly abortSignal: AbortSignal;
}

export function openServices(inputs: DownloadInputs, abortSignal: AbortSignal): DownloadServices {
  const log = createTaskLog();
  return { client: openWorkspace(inputs.workspace, { task: 'DownloadModel', log }), log, abortSignal };
}

/** Finds the model version and what it promises, brings its files, and compares. */
export async function downloadModel(
  inputs: DownloadInputs,
  services: DownloadServices,
): Promise<TaskOutcome> {
  const { client, log, abortSignal } = services;
  const { registry: name, registryResourceGroup } = inputs;
  const registry = name === undefined ? undefined : client.registry(name, registryResourceGroup);
  const model = await findModel(inputs, registry?.models ?? client.models, abortSignal);
  const { blobs, place } = registry
    ? await registry.filesOf(model, { abortSignal })
    : { blobs: client.blobs, place: await placeOf(model, services) };
  const stored = await listFiles(blobs, place, { abortSignal });
  const hasEvidence = inputs.workspace.workspaceName !== '';
  const promised = await promisedFiles(hasEvidence ? client : undefined, model, { abortSignal });
  if (promised.by === 'evidence') requirePromised(model, stored, promised.files);
  const files = chosen(stored, inputs, model);
  const isVerified = canVerify(promised, files.length === stored.length);
  if (!isVerified) withoutPromise(model, promised, inputs, log);
  const brought = await downloadFiles(files, inputs.folder, {
    blobs,
    abortSignal,
    expected: (path) => (promised.by === 'evidence' ? promised.files.get(path)?.sha256 : undefined),
    onBytes: createDownloadProgress(log, files),
  });
  if (promised.by === 'property' && isVerified) await requireHash(model, brought, promised.filesHash);
  return report({ model, brought, promised, isVerified }, inputs, log);
}

async function findModel(
  { modelName, modelVersion, registry, workspace }: DownloadInputs,
  models: Models,
  abortSignal: AbortSignal,
): Promise<ModelVersion> {
  const found =
    modelVersion === undefined
      ? await models.latest(modelName, { abortSignal })
      : await models.get(modelName, modelVersion, { abortSignal });
  if (found) return found;
  const newest = modelVersion === undefined ? undefined : await models.latest(modelName, { abortSignal });
  throw newest
    ? withoutVersion(newest, modelVersion)
    : withoutModel(modelName, registry ? `registry '${registry}'` : `workspace '${workspace.workspaceName}'`);
}

async function placeOf(model: ModelVersion, { client, abortSignal }: DownloadServices): Promise<BlobPlace> {
  const isKnown = /^(?:azureml|runs):/.test(model.modelUri);
  const source = isKnown ? await resolveModelSource(client, model.modelUri, abortSignal) : undefined;
  if (source?.kind === 'stored') return source.place;
  throw new Problem({
    code: 'unsupported',
    message: `The files of model ${model.name}:${model.version} lie at ${model.modelUri}, which is no datastore of this workspace.`,
    next: 'Register the model from a datastore or a job of the workspace.',
  });
}

function chosen(stored: readonly BlobFile[], { patterns }: DownloadInputs, model: ModelVersion): BlobFile[] {
  if (stored.length === 0) throw withoutFiles(model);
  const wanted = new Set(
    matchingPaths(
      stored.map(({ path }) => path),
      patterns,
    ),
  );
  const files = stored.filter(({ path }) => wanted.has(path));
  if (files.length > 0) return files;
  throw new Problem({
    code: 'input',
    message: `No file of model ${model.name}:${model.version} fits ${patterns.map((one) => `'${one}'`).join(', ')}; it has ${listed(stored)}.`,
    place: { input: 'itemPattern' },
    next: 'Patterns are matched against paths below the model, such as **/*.json.',
  });
}

/** The one hash over all files says nothing about some of them. */
function canVerify({ by }: Promised, isWhole: boolean): boolean {
  return by === 'evidence' || (by === 'property' && isWhole);
}

function withoutPromise(
  { name, version }: ModelVersion,
  { by }: Promised,
  { requireEvidence }: DownloadInputs,
  log: TaskLog,
): void {
  const why =
    by === 'property'
      ? 'its evidence cannot be read, and without it only the whole model can be compared'
      : 'it has no evidence; it was not registered by RegisterModel';
  const message = `The bytes of model ${name}:${version} cannot be verified: ${why}.`;
  if (!requireEvidence) return log.warning(message);
  throw new Problem({
    code: 'evidence',
    message,
    place: { input: 'requireEvidence' },
    next: 'Register the model with RegisterModel, or let requireEvidence be false.',
  });
}

async function requireHash(
  { name, version }: ModelVersion,
  brought: readonly RecordedFile[],
  filesHash: string,
): Promise<void> {
  if ((await hashOfFiles(brought)) === filesHash) return;
  throw new Problem({
    code: 'model',
    message: `The storage does not hold model ${name}:${version} as it was registered: the hash over all its files is another one.`,
    next: 'Do not use the files that were downloaded. Find out who may write to the storage of the workspace.',
  });
}

interface Download {
  readonly model: ModelVersion;
  readonly brought: readonly RecordedFile[];
  readonly promised: Promised;
  readonly isVerified: boolean;
}

function report(
  { model, brought, promised, isVerified }: Download,
  { folder }: DownloadInputs,
  log: TaskLog,
): TaskOutcome {
  for (const { sha256, path, sizeInBytes } of brought)
    log.info(`  ${sha256}  ${path} (${sizeInBytes} bytes)`);
  setOutput('modelName', model.name);
  setOutput('modelVersion', model.version);
  setOutput('modelId', model.id);
  setOutput('modelPath', folder);
  setOutput('verified', String(isVerified));
  if (promised.by === 'evidence') setOutput('evidenceHash', promised.evidenceHash);
  const count = `${brought.length} file${brought.length === 1 ? '' : 's'}`;
  const check = isVerified ? ', every byte as it was registered' : ', not verified';
  const message = `Model ${model.name}:${model.version} is downloaded: ${count}${check}.`;
  log.info(message);
  return { result: 'Succeeded', message };
}

function listed(files: readonly BlobFile[]): string {
  const shown = files.slice(0, 5).map(({ path }) => `'${path}'`);
  return `${shown.join(', ')}${files.length > 5 ? ` and ${files.length - 5} more` : ''}`;
}

function withoutFiles({ name, version, modelUri }: ModelVersion): Problem {
  return new Problem({
    code: 'model',
    message: `Model ${name}:${version} has no files any more at ${modelUri}.`,
    next: 'They were deleted from the storage after it was registered: register the model again.',
  });
}

/** A release or run may have been made long before it deploys. */
function withoutVersion(newest: ModelVersion, version: string | undefined): Problem {
  return new Problem({
    code: 'not-found',
    message: `Model '${newest.name}' has no version '${version}'; it was deleted, or never there. The newest is ${newest.version}.`,
    place: { input: 'version' },
    next: 'Choose another version, in a release by creating a new one.',
  });
}

function withoutModel(name: string, place: string): Problem {
  return new Problem({
    code: 'not-found',
    message: `The ${place} has no model '${name}'; it was deleted, or never there.`,
    place: { input: 'definition' },
    next: 'Check the name of the model, and that the service connection points at the place it is in.',
  });
}
