import type { Models, ModelVersion } from '../azureml/index.ts';
import { Problem } from '../problem/index.ts';

/** The property by which the same bytes are found again: the one hash over all files. */
export const FILES_PROPERTY = 'delivery.filesHash';

/** The service may give the same next number to two at once; the reference client tries as often. */
const ATTEMPTS = 5;

export interface Registration {
  readonly name: string;
  /** Undefined: the next number. */
  readonly version: string | undefined;
  readonly filesHash: string;
  /** The resource's properties for the version that was chosen. */
  readonly properties: (version: string) => Promise<Readonly<Record<string, unknown>>>;
  readonly abortSignal: AbortSignal;
}

/** Registers the bytes once: a version of this name that holds them is given back instead of making another. */
export async function registerOnce(
  models: Models,
  registration: Registration,
): Promise<{ model: ModelVersion; created: boolean }> {
  const options = { abortSignal: registration.abortSignal };
  for (let attempt = 1; ; attempt += 1) {
    // The number comes first: who writes the same bytes after it was read takes it, or is found by the search below.
    const version = registration.version ?? (await models.nextVersion(registration.name, options));
    const same = await findSameBytes(models, registration);
    if (same) return { model: same, created: false };
    if (version === undefined) throw withoutNumber(registration.name);
    const properties = await registration.properties(version);
    try {
      return { model: await create(models, registration, version, properties), created: true };
    } catch (error) {
      // Somebody took the number meanwhile: with the same bytes it is ours, too, else the next one is tried.
      if (!mayBeTaken(error) || registration.version !== undefined || attempt >= ATTEMPTS) throw error;
      if (!(await models.get(registration.name, version, options))) throw error;
    }
  }
}

async function create(
  models: Models,
  { name, filesHash, abortSignal }: Registration,
  version: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<ModelVersion> {
  const model = await models.create(name, version, properties, { abortSignal });
  // Of two writers of one version the service may keep the first one's properties and refuse nothing.
  if (model.properties[FILES_PROPERTY] !== filesHash) throw otherBytes(name, version, true);
  return model;
}

/** The service says 409, or 400 because the address of a version cannot be changed. */
function mayBeTaken(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'conflict' || error.code === 'input');
}

/** A wanted version is looked up by itself; otherwise the newest version with these bytes counts. */
async function findSameBytes(models: Models, registration: Registration): Promise<ModelVersion | undefined> {
  const { name, version, filesHash, abortSignal } = registration;
  if (version !== undefined) {
    const found = await models.get(name, version, { abortSignal });
    if (found && found.properties[FILES_PROPERTY] !== filesHash)
      throw otherBytes(name, version, found.properties[FILES_PROPERTY] !== undefined);
    return found;
  }
  for await (const model of models.list(name, {
    abortSignal,
    properties: { [FILES_PROPERTY]: filesHash },
  })) {
    if (model.properties[FILES_PROPERTY] === filesHash) return model;
  }
  return undefined;
}

function withoutNumber(name: string): Problem {
  return new Problem({
    code: 'input',
    message: `The service gives no next version for model '${name}', because its versions are not all numbers.`,
    place: { input: 'modelVersion' },
    next: "Say the version you want in 'modelVersion'.",
  });
}

function otherBytes(name: string, version: string, isHashed: boolean): Problem {
  const what = isHashed
    ? 'holds other bytes'
    : 'says nothing of its bytes, as it was not registered by this task';
  return new Problem({
    code: 'conflict',
    message: `Model '${name}:${version}' exists and ${what}; a version cannot be changed.`,
    place: { input: 'modelVersion' },
    next: 'Choose another version, or leave it empty for the next number.',
  });
}
