import { appendFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../../shared/problem/index.ts';
import { LogShipper } from './command/logShipper.ts';
import { artifactPath } from './records/index.ts';
import type { JobTools } from './tools.ts';

/** A log that the engine itself writes for a run: of a sweep or of a pipeline. */
export interface RunLog {
  line(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the log at this path among the run's artifacts; it grows there as it is written. */
export async function openRunLog(runId: string, artifact: string, { context }: JobTools): Promise<RunLog> {
  const file = path.join(context.folders.jobs, runId, path.posix.basename(artifact));
  await mkdir(path.dirname(file), { recursive: true });
  const shipped = { file, container: context.storage.artifactContainer, path: artifactPath(runId, artifact) };
  const shipper = new LogShipper(shipped, context.storage, (error) =>
    context.log(`${runId}: ${messageOf(error)}`),
  );
  await shipper.start();
  return {
    line: (text) => appendFile(file, `[${context.clock.now().toISOString()}] ${text}\n`),
    close: async () => {
      await shipper.stop();
      await rm(path.dirname(file), { recursive: true, force: true });
    },
  };
}
