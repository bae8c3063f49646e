import { digestFiles, uploadModel } from '../azureml/assets/index.ts';
import type { AzureML, Registry } from '../azureml/index.ts';
import { hashOfFiles, type RecordedFile } from '../evidence/index.ts';
import type { TaskLog } from '../pipelines/index.ts';
import { Problem } from '../problem/index.ts';
import type { FoundEvidence } from './evidence.ts';
import { hashStoredFiles } from './modelFiles.ts';
import type { ModelSource } from './modelSource.ts';
import { sendToRegistry } from './registryUpload.ts';
import { createUploadLog } from './uploadLog.ts';

/** Where a local path was given, for messages. */
const SOURCE = { input: 'source' };

interface Around {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly abortSignal: AbortSignal;
}

/** What is registered: the files, where they are, and what is known about them. */
export interface Material {
  readonly source: ModelSource;
  readonly evidence: FoundEvidence | undefined;
  readonly files: readonly RecordedFile[];
}

/** The SHA-256 of every file, told one by one. */
export async function hashFiles(
  source: ModelSource,
  { client, log, abortSignal }: Around,
): Promise<readonly RecordedFile[]> {
  const onFile = (file: RecordedFile): void =>
    log.info(`  ${file.sha256}  ${file.path} (${file.sizeInBytes} bytes)`);
  log.info('SHA-256 of the model files:');
  if (source.kind === 'stored') return hashStoredFiles(client, source.place, { abortSignal, onFile });
  const digests = await digestFiles(source.path, { abortSignal, place: SOURCE });
  digests.forEach(onFile);
  return digests;
}

/** Files in the workspace's own storage stay where they are; local ones are streamed there and must arrive as they were hashed. */
export async function sendFiles(
  { source, files }: Material,
  { client, abortSignal, log }: Around,
): Promise<string> {
  if (source.kind === 'stored') return source.modelUri;
  const assets = { ...client.assets, onProgress: createUploadLog(log) };
  const onWarning = ({ message }: { message: string }): void => log.warning(message);
  const sent = await uploadModel({ path: source.path, place: SOURCE, abortSignal, onWarning }, assets);
  if ((await hashOfFiles(sent.files)) !== (await hashOfFiles(files))) throw changedMeanwhile(source.path);
  return sent.modelUri;
}

/** A registry keeps its own files, so they are streamed there from wherever they are. */
export async function sendInto(
  registry: Registry,
  { modelName, version, material }: { modelName: string; version: string; material: Material },
  { client, abortSignal, log }: Around,
): Promise<string> {
  const room = await registry.roomFor(modelName, version, { abortSignal });
  log.info(`Sending ${material.files.length} files to registry ${registry.name}.`);
  return sendToRegistry(client, material, room, { abortSignal });
}

function changedMeanwhile(path: string): Problem {
  return new Problem({
    code: 'model',
    message: `The files of '${path}' changed while they were sent.`,
    place: { input: 'source' },
    next: 'Run the step again when nothing writes to them.',
  });
}
