import { Hono, type Context } from 'hono';
import type { BeginOperation, WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { triggerBody } from '../../rules/schedules.ts';
import { checkShape } from '../../rules/shape.ts';
import { Members, readBody } from '../../server/bodies.ts';
import { notFound, userError } from '../../server/failures.ts';
import { operationHeaders } from '../../server/operations.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { fire } from './fire.ts';
import { readSchedule } from './readSchedule.ts';
import { schedulesOf, type ScheduleRecord } from './records.ts';
import { showSchedule } from './showSchedule.ts';
import { timerOf } from './timer.ts';

const path = `${workspacePath}/schedules` as const;

interface Calls {
  readonly context: WorkspaceContext;
  readonly settle: BeginOperation<{ name: string }>;
  readonly remove: BeginOperation<{ name: string }>;
}

/** Schedules: make, change, look at, list, run once, delete. */
export function schedulesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const schedules = schedulesOf(context);
  const calls = { context, ...operationsOf(context) };
  app.get(path, (request) => {
    const isWanted = viewOf(request.req.query('listViewType'));
    const listed = (record: ScheduleRecord) => (isWanted(record) ? showSchedule(context, record) : undefined);
    return request.json(
      pageOf(request, context, (after) => schedules.list(after === undefined ? {} : { after }), listed),
    );
  });
  app.get(`${path}/:name`, (request) =>
    request.json(showSchedule(context, find(context, request.req.param('name')))),
  );
  app.put(`${path}/:name`, (request) => putSchedule(calls, request, request.req.param('name')));
  app.delete(`${path}/:name`, (request) => deleteSchedule(calls, request, request.req.param('name')));
  app.post(`${path}/:name/trigger`, (request) => runOnce(context, request, request.req.param('name')));
  return app;
}

function operationsOf(context: WorkspaceContext): Omit<Calls, 'context'> {
  const schedules = schedulesOf(context);
  return {
    settle: context.operations.task<{ name: string }>({
      name: 'schedule.settle',
      kind: 'schedule',
      work: async ({ name }) => {
        await schedules.update(name, (known) => known && { ...known, provisioningState: 'Succeeded' });
        timerOf(context).changed();
      },
    }),
    remove: context.operations.task<{ name: string }>({
      name: 'schedule.delete',
      kind: 'scheduledelete',
      work: ({ name }) => schedules.delete(name),
    }),
  };
}

async function putSchedule(
  { context, settle }: Calls,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const schedules = schedulesOf(context);
  const known = schedules.get(name);
  const record = readSchedule(context, {
    name,
    body: await readBody(request),
    apiVersion: request.req.query('api-version') ?? '',
    caller: request.get('caller'),
    known,
  });
  const url = await settle({ name }, () => void schedules.put(name, record));
  return request.json(showSchedule(context, record), known ? 200 : 201, operationHeaders(url));
}

/** The service deletes only what cannot run meanwhile. */
async function deleteSchedule(
  { context, remove }: Calls,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const schedules = schedulesOf(context);
  const known = schedules.get(name);
  if (!known) return request.body(null, 204);
  if (known.isEnabled) throw userError(`The schedule '${name}' is enabled. Disable it before it is deleted.`);
  const url = await remove(
    { name },
    () => void schedules.put(name, { ...known, provisioningState: 'Deleting' }),
  );
  return request.body(null, 202, operationHeaders(url));
}

/** Runs an enabled schedule once, now; its trigger goes on as before. */
async function runOnce(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const record = find(context, name);
  const body = await readBody(request);
  checkShape(triggerBody, body);
  if (!record.isEnabled) throw userError(`The schedule '${name}' is disabled. Enable it before it is run.`);
  const asked = new Members(body, 'body').text('scheduleTime');
  const dueAt = asked === undefined ? context.clock.now() : new Date(asked);
  if (Number.isNaN(dueAt.getTime()))
    throw userError(`The member 'scheduleTime' must be an ISO 8601 time, not '${asked}'.`);
  const submissionId = await fire(context, record, { dueAt, again: true });
  return request.json({ submissionId, scheduleActionType: record.action['actionType'] });
}

function viewOf(view: string | undefined): (record: ScheduleRecord) => boolean {
  switch (view?.toLowerCase()) {
    case undefined:
    case '':
    case 'enabledonly':
      return ({ isEnabled }) => isEnabled;
    case 'disabledonly':
      return ({ isEnabled }) => !isEnabled;
    case 'all':
      return () => true;
    default:
      throw userError(`The listViewType '${view}' is not one of EnabledOnly, DisabledOnly, All.`);
  }
}

function find(context: WorkspaceContext, name: string): ScheduleRecord {
  const record = schedulesOf(context).get(name);
  if (!record) throw notFound(`The schedule '${name}'`);
  return record;
}
