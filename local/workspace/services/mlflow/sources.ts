import type { Caller, WorkspaceContext } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { parseReference } from '../../engine/jobs/references/index.ts';
import type { Json } from '../../server/bodies.ts';
import { placeOfJobBytes } from '../assets/jobBytes.ts';
import { reachableRun } from '../runs/reach.ts';
import { Registry } from './registry.ts';

/** Where the files of a new version are, and what they tell. */
export interface Source {
  readonly modelUri: string;
  readonly flavors: Json;
  /** The run it came from. */
  readonly jobName?: string;
  readonly bytesAt?: string | undefined;
}

/** Finds the files that MLflow names for a new version. */
export type TakeSource = (
  asked: { readonly source: string; readonly runId: string | undefined },
  caller: Caller,
) => Promise<Source>;

/** The run a version comes from: the one that is named, or the one its files are of. */
export function runOf(source: string, runId: string | undefined): string | undefined {
  const reference = parseReference(source);
  return runId ?? (reference.kind === 'artifact' ? reference.runId : undefined);
}

/** In a workspace files stay where they are. A job registers only what it made. */
export function takeInWorkspace(context: WorkspaceContext): TakeSource {
  return async ({ source, runId }, caller) => {
    const jobName = runOf(source, runId);
    if (jobName !== undefined) reachableRun(recordsIn(context.store), caller, jobName);
    return {
      ...(await new Registry(context).readSource(source)),
      ...(jobName === undefined ? {} : { jobName }),
      bytesAt: placeOfJobBytes(context, source),
    };
  };
}
