import { messageOf, Problem, redact } from '../../../../shared/problem/index.ts';
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
  /** What ends a run that is being worked on: jobs, trials and steps alike. */
  readonly controls: Map<string, AbortController>;
  /** File with every authority a job trusts. */
  readonly caBundle: string;
  /** Told of every status a job's run takes, after it is stored. */
  readonly listeners: RunListener[];
}

/** Is told of a run that has moved on; must return at once. */
export type RunListener = (run: RunDocument) => void;

/** How a run ended. */
export interface RunEnd {
  readonly status: Extract<RunStatus, 'Completed' | 'Failed' | 'Canceled'>;
  readonly error?: RunError;
}

/** Moves a run on in its life. */
export async function moveTo(
  { records, context, listeners }: JobTools,
  runId: string,
  status: RunStatus,
  also: Partial<RunDocument> = {},
): Promise<void> {
  const before = records.runs.get(runId)?.status;
  const run = await records.runs.setStatus(runId, status, context.clock.now(), also);
  if (run && run.status !== before) for (const listener of listeners) listener(run);
}

/** The end of a run that met a problem; what is no problem of the user's is also written to the workspace's log. */
export function failedEnd(error: unknown, { context }: Pick<JobTools, 'context'>): RunEnd {
  if (!(error instanceof Problem)) {
    context.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { status: 'Failed', error: { code: 'ServiceError', message: redact(messageOf(error)) } };
  }
  const code = error.message.startsWith('Image build failed') ? 'ImageBuildFailure' : 'UserError';
  return {
    status: 'Failed',
    error: { code, message: redact([error.message, error.next].filter(Boolean).join(' ')) },
  };
}
