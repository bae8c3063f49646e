import type { WorkspaceContext } from '../../context.ts';
import { artifactPath, recordsIn } from '../../engine/jobs/records/index.ts';
import { reachableRun } from '../runs/reach.ts';
import type { MlflowCall } from './call.ts';
import { artifactUri } from './show.ts';

/** The files of a run, one level at a time. */
export function artifactCalls(context: WorkspaceContext): readonly MlflowCall[] {
  const records = recordsIn(context.store);
  return [
    [
      'GET',
      'artifacts/list',
      async (p, caller) => {
        const run = reachableRun(records, caller, p.runId());
        return {
          root_uri: artifactUri(context, run),
          files: await filesIn(context, run.runId, p.text('path') ?? ''),
        };
      },
    ],
  ];
}

async function filesIn(
  { storage, storageReady }: WorkspaceContext,
  runId: string,
  folder: string,
): Promise<object[]> {
  await storageReady;
  const root = artifactPath(runId);
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const found = new Map<string, object>();
  for await (const { path, size } of storage.list(storage.artifactContainer, `${root}${prefix}`)) {
    const [name = '', ...rest] = path.slice(root.length + prefix.length).split('/');
    const at = `${prefix}${name}`;
    if (name !== '')
      found.set(
        at,
        rest.length > 0 ? { path: at, is_dir: true } : { path: at, is_dir: false, file_size: size },
      );
  }
  return [...found.values()];
}
