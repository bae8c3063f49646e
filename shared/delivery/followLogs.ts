import { isEnded, type AzureML, type LogReader, type RunDetails } from '../azureml/index.ts';
import type { TaskLog } from '../pipelines/index.ts';
import { messageOf } from '../problem/index.ts';

/** The job's own output, as it comes. That it cannot be read is a warning: the job does not depend on it. */
export function createLogs(
  client: AzureML,
  { log, abortSignal }: { readonly log: TaskLog; readonly abortSignal: AbortSignal },
): { show(details: RunDetails): Promise<void> } {
  const readers = new Map<string, LogReader>();
  let isWarned = false;
  const showOne = async (path: string, details: RunDetails): Promise<void> => {
    const reader = readers.get(path) ?? client.newLogReader();
    readers.set(path, reader);
    const lines = reader.read(details.logFiles[path]!, { atEnd: isEnded(details.status), abortSignal });
    for await (const line of lines) log.info(line);
  };
  return {
    async show(details) {
      try {
        for (const path of logPaths(Object.keys(details.logFiles))) await showOne(path, details);
      } catch (error) {
        abortSignal.throwIfAborted();
        if (!isWarned) log.warning(`${messageOf(error)} The job goes on; its log is in the studio.`);
        isWarned = true;
      }
    },
  };
}

/** The files the reference client streams: the user's output of each process, else the service's older names. */
function logPaths(paths: readonly string[]): readonly string[] {
  const choose = (pattern: RegExp): string[] => paths.filter((path) => pattern.test(path)).sort();
  const user = choose(/^user_logs\/std_log\D*0*(?:_ps)?\.txt$/);
  if (user.length > 0) return user;
  const older = choose(/^azureml-logs\/(?:\d+.*|hyperdrive)\.txt$/);
  return older.length > 0 ? older : choose(/^logs\/azureml\/executionlogs\.txt$/);
}
