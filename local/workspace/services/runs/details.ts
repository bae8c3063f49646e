import type { WorkspaceContext } from '../../context.ts';
import { artifactPath, type RunDocument } from '../../engine/jobs/records/index.ts';
import { statusOf } from './showRun.ts';

const LOG_FOLDERS = ['user_logs/', 'azureml-logs/', 'system_logs/', 'logs/'];
const SAS_LIFETIME_IN_SECONDS = 24 * 60 * 60;

/** The details of a run: its status, and every log file as an address that needs no further sign-in. */
export async function runDetails(context: WorkspaceContext, run: RunDocument): Promise<object> {
  return { ...statusOf(context, run), logFiles: await logFilesOf(context, ownerOfLogs(run)) };
}

/** A step that takes what an earlier one gave shows that one's logs. */
function ownerOfLogs({ runId, properties }: RunDocument): string {
  return properties['azureml.reusedrunid'] ?? runId;
}

async function logFilesOf(
  { storage, storageReady }: WorkspaceContext,
  runId: string,
): Promise<Record<string, string>> {
  await storageReady;
  const container = storage.artifactContainer;
  const root = artifactPath(runId);
  const lists = LOG_FOLDERS.map(async (folder) => {
    const paths: string[] = [];
    for await (const blob of storage.list(container, `${root}${folder}`)) paths.push(blob.path);
    return paths;
  });
  const paths = (await Promise.all(lists)).flat();
  return Object.fromEntries(
    paths.map((path) => [
      path.slice(root.length),
      storage.sasUrl(container, path, 'r', SAS_LIFETIME_IN_SECONDS),
    ]),
  );
}
