import type { BlobFile } from '../../azureml/index.ts';
import type { TaskLog } from '../../pipelines/index.ts';

const MEGABYTE = 1024 ** 2;
/** Below this, a single line at the end tells enough. */
const WORTH_STEPS_IN_BYTES = 64 * MEGABYTE;

/** Shows how far a large download is, at every twentieth. */
export function createDownloadProgress(log: TaskLog, files: readonly BlobFile[]): (count: number) => void {
  const total = files.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
  let done = 0;
  let shown = 0;
  return (count) => {
    done += count;
    const twentieth = Math.floor((20 * done) / Math.max(total, 1));
    if (total < WORTH_STEPS_IN_BYTES || twentieth <= shown) return;
    shown = twentieth;
    log.progress(twentieth * 5, `${megabytes(done)} of ${megabytes(total)} are here`);
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(0)} MB`;
}
