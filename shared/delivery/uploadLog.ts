import type { UploadProgress } from '../azureml/assets/index.ts';
import { shownPath, type TaskLog } from '../pipelines/index.ts';

const MEGABYTE = 1024 ** 2;
/** Below this, a single line at the end tells enough. */
const WORTH_STEPS_IN_BYTES = 64 * MEGABYTE;

/** Shows what is sent: every tenth of a large upload, one line for a small one, hashing in a line of its own. */
export function createUploadLog(log: TaskLog): (progress: UploadProgress) => void {
  const shown = new Map<string, number>();
  return ({ path, activity, bytesDone, bytesTotal, filesTotal }) => {
    const what = `${shownPath(path)} (${filesTotal} files, ${size(bytesTotal)})`;
    switch (activity) {
      case 'unchanged':
        return log.info(`${what} is unchanged; nothing was sent.`);
      case 'done':
        return log.info(`Sent ${what}.`);
      case 'hashing':
      case 'sending': {
        const key = `${activity} ${path}`;
        const tenth = Math.floor((10 * bytesDone) / Math.max(bytesTotal, 1));
        if (bytesTotal < WORTH_STEPS_IN_BYTES || tenth <= (shown.get(key) ?? 0)) return undefined;
        shown.set(key, tenth);
        return log.info(`${activity === 'hashing' ? 'Hashing' : 'Sending'} ${what}: ${tenth * 10} %`);
      }
    }
  };
}

function size(bytes: number): string {
  return bytes < MEGABYTE ? `${bytes} bytes` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
