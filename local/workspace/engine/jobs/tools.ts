import type { WorkspaceContext } from '../../context.ts';
import type { Records, RunDocument, RunError, RunStatus } from './records/index.ts';
import type { Places } from './references/index.ts';
import type { Slots } from './slots.ts';

/** What running a job needs beside the job. */
export interface JobTools {
  readonly context: WorkspaceContext;
  readonly records: Records;
  readonly places: Places;
  /** Limits how many processes run at once. */
  readonly slots: Slots;
  /** File with every authority a job trusts. */
  readonly caBundle: string;
}

/** How a run ended. */
export interface RunEnd {
  readonly status: Extract<RunStatus, 'Completed' | 'Failed' | 'Canceled'>;
  readonly error?: RunError;
}

/** Moves a run on in its life. */
export async function moveTo(
  { records, context }: JobTools,
  runId: string,
  status: RunStatus,
  also: Partial<RunDocument> = {},
): Promise<void> {
  await records.runs.setStatus(runId, status, context.clock.now(), also);
}
