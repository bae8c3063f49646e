import type { MiddlewareHandler } from 'hono';
import type { Caller, WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { isTerminal, recordsIn, type Records, type RunDocument } from '../../engine/jobs/records/index.ts';
import { failure, notFound } from '../../server/failures.ts';

/** Data planes a job may talk to; the control plane and storage keys are none of them. */
const DATA_PLANES = /^\/(?:history|mlflow|metric|artifact|data|modelregistry)\//;

/** Keeps a job's token to the data planes, and to the time its run lasts. */
export function requireReach(context: WorkspaceContext): MiddlewareHandler<WorkspaceEnv> {
  const records = recordsIn(context.store);
  return async (request, next) => {
    const { runId } = request.get('caller');
    if (runId !== undefined) {
      const run = records.runs.get(runId);
      if (!run || isTerminal(run.status)) throw ended(runId);
      if (!DATA_PLANES.test(request.req.path))
        throw outOfReach(runId, `${request.req.method} ${request.req.path}`);
    }
    await next();
  };
}

/** The run, when it is there and the caller may reach it: a job reaches its own run and those made in it. */
export function reachableRun(records: Records, caller: Caller, runId: string): RunDocument {
  const run = anyReachableRun(records, caller, runId);
  if (run.deleted) throw notFound(`The run '${runId}'`);
  return run;
}

/** The same, also of a run that was deleted: MLflow can restore it. */
export function anyReachableRun(records: Records, caller: Caller, runId: string): RunDocument {
  const run = records.runs.get(runId);
  if (!run) throw notFound(`The run '${runId}'`);
  if (caller.runId !== undefined && !isWithin(records, run, caller.runId))
    throw outOfReach(caller.runId, `the run '${runId}'`);
  return run;
}

/** Whether a caller may see a run in a list. */
export function canReach(records: Records, caller: Caller, run: RunDocument): boolean {
  return caller.runId === undefined || isWithin(records, run, caller.runId);
}

/** The run itself, its descendants, and what was created from within it. */
function isWithin(records: Records, run: RunDocument, owner: string): boolean {
  if (run.runId === owner || run.createdInRun === owner) return true;
  const parent = run.parentRunId === undefined ? undefined : records.runs.get(run.parentRunId);
  return parent !== undefined && isWithin(records, parent, owner);
}

function ended(runId: string): Error {
  return failure(
    401,
    'InvalidAuthenticationToken',
    `The token belongs to the run '${runId}', which has ended.`,
  );
}

function outOfReach(runId: string, what: string): Error {
  return failure(
    403,
    'AuthorizationFailed',
    `The token of the run '${runId}' does not reach ${what}: a job may use its own run only.`,
  );
}
