import type { WorkspaceContext } from '../../context.ts';
import { JobEngine } from '../../engine/jobs/index.ts';
import { workspaceAssets } from '../../engine/jobs/references/index.ts';

const engines = new WeakMap<WorkspaceContext, JobEngine>();

/** The one engine of a workspace. */
export function engineOf(context: WorkspaceContext): JobEngine {
  const engine = engines.get(context) ?? new JobEngine(context, workspaceAssets(context));
  engines.set(context, engine);
  return engine;
}
