import { Hono, type Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import type { CompletionResult, Told } from './events.ts';

const PLAN = '/hubs/:hub/plans/:planId';

/** What a service that was asked to complete a task calls back: lines, variables, and that the task is done. */
export function taskRoutes({ taskEvents }: DevOpsContext): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const logs = new Map<number, string>();

  routes.post(`${PLAN}/events`, async (call) => {
    const job = jobOf(call);
    const { name, taskId, jobId, result } = await bodyOf(call);
    if (name !== 'TaskCompleted')
      throw badRequest(`The event '${String(name)}' is not taken; send TaskCompleted.`);
    if (jobId !== undefined && String(jobId).toLowerCase() !== job.jobId.toLowerCase())
      throw new HTTPException(403, { message: 'The token belongs to another job than the event names.' });
    const taken = taskEvents.complete({ ...job, taskId: String(taskId) }, resultIn(result));
    if (taken === 'unknown')
      throw new HTTPException(404, {
        message: `No task '${String(taskId)}' of this job waits to be completed.`,
      });
    return call.body(null, 200);
  });

  routes.post(`${PLAN}/timelines/:timelineId/records/:recordId/feed`, async (call) => {
    const { value } = await bodyOf(call);
    const lines = Array.isArray(value) ? value.map(String) : [];
    tell(call, call.req.param('recordId'), { lines });
    return call.body(null, 200);
  });

  routes.patch(`${PLAN}/timelines/:timelineId/records`, async (call) => {
    const { value } = await bodyOf(call);
    const records = (Array.isArray(value) ? value : []).map(recordOf);
    for (const record of records)
      tell(call, String(record['id']), { variables: variablesIn(record['variables']) });
    return call.json(listOf(records));
  });

  routes.post(`${PLAN}/logs`, async (call) => {
    const job = jobOf(call);
    const id = logs.size + 1;
    logs.set(id, job.jobId);
    const { path } = await bodyOf(call);
    return call.json({ id, path: String(path ?? `logs\\${id}`), lineCount: 0 }, 201);
  });

  routes.post(`${PLAN}/logs/:logId`, async (call) => {
    const job = jobOf(call);
    const id = Number(call.req.param('logId'));
    if (logs.get(id) !== job.jobId) throw new HTTPException(404, { message: `This job has no log ${id}.` });
    tell(call, job.jobId, { lines: (await call.req.text()).replace(/\r?\n$/, '').split(/\r?\n/) });
    return call.json({ id });
  });

  const tell = (call: Context<DevOpsEnv>, recordId: string, told: Told): void => {
    if (taskEvents.tell({ ...jobOf(call), recordId }, told)) return;
    throw new HTTPException(404, { message: `No task waits at the record '${recordId}'.` });
  };
  return routes;
}

/** The job whose token the call carries, which must be of the plan it names. */
function jobOf(call: Context<DevOpsEnv>): { planId: string; jobId: string } {
  const { planId, jobId } = call.get('job');
  if (call.req.param('planId')?.toLowerCase() !== planId.toLowerCase())
    throw new HTTPException(403, { message: 'The token belongs to a job of another plan.' });
  return { planId, jobId };
}

function resultIn(result: unknown): CompletionResult {
  const word = String(result).toLowerCase();
  if (word === 'succeeded' || word === 'failed') return word;
  throw badRequest(`The result '${String(result)}' is not one of succeeded, failed.`);
}

function variablesIn(value: unknown): NonNullable<Told['variables']> {
  return Object.fromEntries(
    Object.entries(recordOf(value)).map(([name, one]) => {
      const variable = recordOf(one);
      return [name, { value: String(variable['value'] ?? ''), isSecret: variable['isSecret'] === true }];
    }),
  );
}

async function bodyOf(call: Context<DevOpsEnv>): Promise<Readonly<Record<string, unknown>>> {
  return recordOf(await call.req.json<unknown>().catch(() => undefined));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function badRequest(message: string): HTTPException {
  return new HTTPException(400, { message });
}
