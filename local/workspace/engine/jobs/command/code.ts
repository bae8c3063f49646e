import { Problem } from '../../../../../shared/problem/index.ts';
import { locate, parseReference, type Places, storedAsset } from '../references/index.ts';

/** Brings the code snapshot into the working directory. */
export async function bringCode(codeId: string, folder: string, places: Places): Promise<void> {
  const reference = parseReference(codeId, 'codes');
  const uri = reference.kind === 'asset' ? storedAsset(reference, places.assets).uri : codeId;
  const location = locate(uri, places);
  if (location.kind !== 'blob') throw missing(codeId);
  const prefix = location.path.endsWith('/') ? location.path : `${location.path}/`;
  if ((await places.storage.downloadPrefix(location.container, prefix, folder)) === 0) throw missing(codeId);
}

function missing(codeId: string): Problem {
  return new Problem({
    code: 'not-found',
    message: `The code snapshot '${codeId}' has no files in storage.`,
    next: 'Submit the job again, so that the code is uploaded.',
  });
}
