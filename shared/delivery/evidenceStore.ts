import { parsePlace, type AzureML, type BlobPlace } from '../azureml/index.ts';
import {
  evidenceAddress,
  evidenceHashIn,
  evidenceProperties,
  readRecord,
  sealRecord,
  type EvidenceRecord,
  type SealedRecord,
} from '../evidence/index.ts';
import { Problem } from '../problem/index.ts';

interface AbortOption {
  readonly abortSignal: AbortSignal;
}

/** Stores a record under its hash. Writing the same record again changes nothing. */
export async function writeEvidence(
  client: AzureML,
  record: EvidenceRecord,
  options: AbortOption,
): Promise<SealedRecord> {
  const sealed = await sealRecord(record);
  await client.blobs.write(
    placeOf(sealed.hash),
    Buffer.from(sealed.text, 'utf8'),
    'application/json',
    options,
  );
  return sealed;
}

/** The record with this hash, checked: bytes, form and chain. undefined where nothing is stored. */
export async function readEvidence(
  client: AzureML,
  hash: string,
  options: AbortOption,
): Promise<SealedRecord | undefined> {
  const content = await client.blobs.read(placeOf(hash), options);
  return content === undefined ? undefined : readRecord(content.toString('utf8'), hash);
}

/** The record with this hash; a Problem when it is not stored. */
export async function requireEvidence(
  client: AzureML,
  hash: string,
  options: AbortOption,
): Promise<SealedRecord> {
  const found = await readEvidence(client, hash, options);
  if (found) return found;
  throw new Problem({
    code: 'evidence',
    message: `The evidence ${hash} is not stored at ${evidenceAddress(hash)}.`,
    next: 'Check the hash, and that this stage works in the workspace in which the candidate was judged and registered.',
  });
}

/** Lets a job point to its record: by tags, because tags may change while properties may not. */
export async function pointJobTo(
  client: AzureML,
  jobName: string,
  sealed: SealedRecord,
  options: AbortOption,
): Promise<void> {
  await client.jobs.addTags(jobName, evidenceProperties(sealed), options);
}

/** The hash a resource points to. A tag is newer than a property: a model that is judged again keeps its properties. */
export function evidenceHashOf(resource: {
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
}): string | undefined {
  return evidenceHashIn(resource.tags) ?? evidenceHashIn(resource.properties);
}

function placeOf(hash: string): BlobPlace {
  const place = parsePlace(evidenceAddress(hash));
  if (place) return place;
  throw new Problem({ code: 'internal', message: `The evidence ${hash} has no address.` });
}
