import type { ProblemPlace } from '../../../problem/index.ts';
import type { SendingContext } from '../context.ts';
import type { AssetServices } from '../services.ts';
import type { HashOptions } from './hash.ts';
import type { Snapshot } from './walk.ts';

/** Links are followed, as the reference client does; the user is told which. */
export function warnAboutLinks(snapshot: Snapshot, place: ProblemPlace, context: SendingContext): void {
  const { links } = snapshot;
  if (links.length === 0) return;
  const named = links.slice(0, 5).join(', ');
  const more = links.length > 5 ? ` and ${links.length - 5} more` : '';
  context.onWarning?.({
    message: `Links are followed and what they point at is sent under their names: ${named}${more}.`,
    place,
  });
}

/** Reports hashing as it goes, at most once per megabyte or so. */
export function hashingProgress(snapshot: Snapshot, services: AssetServices): Pick<HashOptions, 'onBytes'> {
  const bytesTotal = snapshot.files.reduce((sum, file) => sum + file.sizeInBytes, 0);
  const filesTotal = snapshot.files.length;
  let bytesDone = 0;
  let reported = 0;
  return {
    onBytes(count) {
      bytesDone += count;
      if (bytesDone - reported < STEP && bytesDone < bytesTotal) return;
      reported = bytesDone;
      const activity = 'hashing';
      services.onProgress?.({
        path: snapshot.root,
        activity,
        bytesDone,
        bytesTotal,
        filesDone: 0,
        filesTotal,
      });
    },
  };
}

const STEP = 1024 * 1024;
