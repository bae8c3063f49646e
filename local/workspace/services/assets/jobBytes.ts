import { Problem } from '../../../../shared/problem/index.ts';
import type { WorkspaceContext } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { locate, parseReference, workspaceAssets } from '../../engine/jobs/references/index.ts';
import { addressOfPlace } from '../../storage/place.ts';

/**
 * Where the bytes are that a job's address leads to: deleting a job leaves its files, but its address leads nowhere then.
 * Undefined for other addresses, and for jobs that are not known.
 */
export function placeOfJobBytes(context: WorkspaceContext, uri: string): string | undefined {
  const { kind } = parseReference(uri);
  if (kind !== 'job-output' && kind !== 'artifact') return undefined;
  const { store, storage } = context;
  try {
    const places = { storage, assets: workspaceAssets(context), records: recordsIn(store) };
    const location = locate(uri, places);
    return location.kind === 'url' ? location.url : addressOfPlace(context, location);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
