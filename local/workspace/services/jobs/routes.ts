import { type Context, Hono } from 'hono';
import type { BeginOperation, WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import {
  isTerminal,
  type JobDocument,
  type Records,
  type RunDocument,
} from '../../engine/jobs/records/index.ts';
import { Members, readBody, readProperties } from '../../server/bodies.ts';
import { conflict, notFound } from '../../server/failures.ts';
import { operationHeaders } from '../../server/operations.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { applyChange, changeByPut } from './changeJob.ts';
import { checkReferences } from './checkReferences.ts';
import { engineOf } from './engines.ts';
import { isListed } from './listing.ts';
import { checkJobName, readJob } from './readJob.ts';
import { readNotifications } from './readNotifications.ts';
import { showJob } from './showJob.ts';
import { submitJob } from './submitJob.ts';

const path = `${workspacePath}/jobs` as const;

/** Jobs: submit, look at, list, change, cancel, delete. */
export function jobsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const { records } = engineOf(context);
  const beginCancel = context.operations.task<{ name: string }>({
    name: 'job.cancel',
    kind: 'jobcancel',
    work: ({ name }) => engineOf(context).cancel(name),
  });
  const show = (job: JobDocument): object | undefined => {
    const run = records.runs.get(job.name);
    return run && showJob(context, job, run);
  };
  app.get(path, (request) => {
    const isWanted = isListed((name) => request.req.query(name), records);
    const listed = (job: JobDocument): object | undefined => (isWanted(job) ? show(job) : undefined);
    return request.json(pageOf(request, context, (after) => records.jobs.newestFirst(after), listed));
  });
  app.get(`${path}/:name`, (request) => request.json(show(find(records, request.req.param('name')).job)));
  app.put(`${path}/:name`, (request) => putJob(context, request, request.req.param('name')));
  app.patch(`${path}/:name`, (request) => patchJob(context, request, request.req.param('name')));
  app.delete(`${path}/:name`, (request) => deleteJob(context, request, request.req.param('name')));
  app.post(`${path}/:name/cancel`, (request) =>
    cancelJob({ context, beginCancel }, request, request.req.param('name')),
  );
  return app;
}

async function putJob(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const { records, tools } = engineOf(context);
  const wanted = readJob(await readProperties(request));
  const known = records.jobs.get(name);
  const run = records.runs.get(name);
  if (known && run) {
    await applyChange(context, records, name, changeByPut(known, run, wanted), request.get('caller').name);
    return answer(context, request, name, 200);
  }
  checkJobName(name);
  checkReferences(wanted.properties, tools.places.assets);
  await submitJob(context, name, { job: wanted, caller: request.get('caller') });
  return answer(context, request, name, 201);
}

async function patchJob(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const { records, notifications } = engineOf(context);
  find(records, name);
  const body = await readBody(request);
  const members = new Members(new Members(body, 'body').object('properties') ?? body);
  const [displayName, description] = [members.text('displayName'), members.text('description')];
  const [tags, properties, isArchived] = [
    members.texts('tags'),
    members.texts('properties'),
    members.flag('isArchived'),
  ];
  const setting = readNotifications(members.object('notificationSetting'));
  const change = {
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    ...(properties === undefined ? {} : { properties }),
    ...(isArchived === undefined ? {} : { isArchived }),
    ...(setting ? { notifications: setting } : {}),
  };
  await applyChange(context, records, name, change, request.get('caller').name);
  for (const removed of setting?.removed ?? []) await notifications.remove(name, removed);
  await notifications.add((setting?.webhooks ?? []).map((webhook) => ({ ...webhook, job: name })));
  return answer(context, request, name, 200);
}

async function deleteJob(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const { records } = engineOf(context);
  const run = records.runs.get(name);
  if (!records.jobs.get(name) || !run) return request.body(null, 204);
  if (!isTerminal(run.status))
    throw conflict(`The job '${name}' is ${run.status}. Cancel it before it is deleted.`);
  await records.jobs.delete(name, context.clock.now());
  return request.body(null, 200);
}

/** A job that has ended is left as it is: cancelling twice is no fault. */
async function cancelJob(
  {
    context,
    beginCancel,
  }: { readonly context: WorkspaceContext; readonly beginCancel: BeginOperation<{ name: string }> },
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const engine = engineOf(context);
  const { run } = find(engine.records, name);
  if (isTerminal(run.status)) return request.body(null, 200);
  const url = await beginCancel({ name });
  return request.body(null, 202, operationHeaders(url));
}

function answer(
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
  name: string,
  status: 200 | 201,
): Response {
  const { job, run } = find(engineOf(context).records, name);
  return request.json(showJob(context, job, run), status);
}

function find(records: Records, name: string): { job: JobDocument; run: RunDocument } {
  const [job, run] = [records.jobs.get(name), records.runs.get(name)];
  if (!job || !run) throw notFound(`The job '${name}'`);
  return { job, run };
}
