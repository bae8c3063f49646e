import type { AzureML, BlobFile, ModelVersion } from '../../azureml/index.ts';
import { hashOfFiles, latest, type RecordedFile, type Registered } from '../../evidence/index.ts';
import { Problem } from '../../problem/index.ts';
import { evidenceOfModel } from '../evidence.ts';
import { evidenceHashOf } from '../evidenceStore.ts';
import { FILES_PROPERTY } from '../registerModel.ts';

/** What is known of the bytes of a model version before they are read. */
export type Promised =
  | {
      readonly by: 'evidence';
      readonly evidenceHash: string;
      readonly files: ReadonlyMap<string, RecordedFile>;
    }
  /** Its record is out of reach; the one hash over all files is on the model version itself and cannot be changed. */
  | { readonly by: 'property'; readonly filesHash: string }
  | { readonly by: 'nothing' };

/** Reads what was registered; evidence that contradicts itself or the model version is a Problem. No workspace, no evidence. */
export async function promisedFiles(
  workspace: AzureML | undefined,
  model: ModelVersion,
  options: { readonly abortSignal: AbortSignal },
): Promise<Promised> {
  const filesHash = model.properties[FILES_PROPERTY];
  if (workspace && evidenceHashOf(model) !== undefined) {
    const { record, hash } = await evidenceOfModel(workspace, model, options);
    const registered = latest(record, 'registered')?.content;
    if (registered && hash !== undefined) {
      await requireConsistent(model, registered, filesHash);
      const files = new Map(registered.files.map((file) => [file.path, file]));
      return { by: 'evidence', evidenceHash: hash, files };
    }
  }
  return filesHash === undefined ? { by: 'nothing' } : { by: 'property', filesHash };
}

/** A tag, by which newer evidence is found, can be changed by whoever may tag; a property cannot. */
async function requireConsistent(
  { name, version }: ModelVersion,
  { files, filesHash }: Registered,
  property: string | undefined,
): Promise<void> {
  if (filesHash === (property ?? filesHash) && (await hashOfFiles(files)) === filesHash) return;
  throw new Problem({
    code: 'evidence',
    message: `The evidence of model ${name}:${version} lists other files than the model version was registered with.`,
    next: 'Take the delivery.* tags off it; find out who changed them.',
  });
}

/** Refuses stored files the evidence does not know, files that are missing, and other sizes; all told together. */
export function requirePromised(
  model: ModelVersion,
  stored: readonly BlobFile[],
  promised: ReadonlyMap<string, RecordedFile>,
): void {
  const found = new Map(stored.map((file) => [file.path, file]));
  const differences = [
    ...[...promised.keys()].filter((path) => !found.has(path)).map((path) => `'${path}' is missing`),
    ...stored.filter(({ path }) => !promised.has(path)).map(({ path }) => `'${path}' is not in the evidence`),
    ...stored.flatMap(({ path, sizeInBytes }) => {
      const wanted = promised.get(path)?.sizeInBytes ?? sizeInBytes;
      return wanted === sizeInBytes ? [] : [`'${path}' has ${sizeInBytes} bytes instead of ${wanted}`];
    }),
  ];
  if (differences.length === 0) return;
  const more = differences.length > 5 ? `, and ${differences.length - 5} more differences` : '';
  throw new Problem({
    code: 'model',
    message: `The storage does not hold model ${model.name}:${model.version} as it was registered: ${differences.slice(0, 5).join(', ')}${more}.`,
    next: 'Find out who may write to the storage of the workspace; register the model again from its job.',
  });
}
