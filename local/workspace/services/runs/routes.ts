import { type Context, Hono } from 'hono';
import type { Caller, WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { type ExperimentDocument, recordsIn, type RunDocument } from '../../engine/jobs/records/index.ts';
import { isObject, Members, readBody } from '../../server/bodies.ts';
import { notFound } from '../../server/failures.ts';
import { dataPlanePath } from '../../server/paths.ts';
import { runDetails } from './details.ts';
import { statusAfter } from './events.ts';
import { pageOfRuns } from './paging.ts';
import { canReach, reachableRun } from './reach.ts';
import { showRun } from './showRun.ts';

const base = dataPlanePath('/history/v1.0');
/** Runs are addressed alone, or below their experiment by name or id. */
const RUN_PATHS = [
  `${base}/runs`,
  `${base}/experiments/:experiment/runs`,
  `${base}/experimentids/:experiment/runs`,
] as const;
const TOKEN_LIFETIME_IN_SECONDS = 24 * 60 * 60;

/** Run history: runs, their details with log files, children, experiments, tokens. */
export function runsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  for (const path of RUN_PATHS) addRunRoutes(app, context, path);
  addExperimentRoutes(app, context);
  const records = recordsIn(context.store);
  app.post(`${base}/rundata`, async (request) => {
    const members = new Members(await readBody(request), 'body');
    const run = reachableRun(records, request.get('caller'), members.needed('runId', members.text('runId')));
    return request.json({
      runMetadata: showRun(context, run),
      runDefinition: null,
      jobSpecification: null,
      systemSettings: null,
    });
  });
  app.post(`${base}/batch/events`, async (request) => {
    const events = (await readBody(request))['events'];
    for (const event of Array.isArray(events) ? events : []) {
      if (isObject(event) && typeof event['runId'] === 'string')
        await applyEvent(context, request.get('caller'), event['runId'], event);
    }
    return request.json({ errors: [] });
  });
  return app;
}

function addRunRoutes(
  app: Hono<WorkspaceEnv>,
  context: WorkspaceContext,
  path: (typeof RUN_PATHS)[number],
): void {
  const records = recordsIn(context.store);
  const find = (request: Context<WorkspaceEnv>): RunDocument =>
    reachableRun(records, request.get('caller'), request.req.param('runId') ?? '');
  app.get(`${path}/:runId`, (request) => request.json(showRun(context, find(request))));
  app.get(`${path}/:runId/details`, async (request) =>
    request.json(await runDetails(context, find(request))),
  );
  app.get(`${path}/:runId/children`, (request) => {
    const children = records.runs.children(find(request).runId).filter((run) => !run.deleted);
    return request.json(pageOfRuns(context, request, children));
  });
  const change = async (request: Context<WorkspaceEnv>): Promise<Response> => {
    const { runId } = find(request);
    const changed = await changeRun(context, runId, await readBody(request));
    return request.json(changed ? showRun(context, changed) : {});
  };
  app.patch(`${path}/:runId`, change);
  app.post(`${path}/:runId`, change);
  app.post(`${path}/:runId/events`, async (request) => {
    await applyEvent(context, request.get('caller'), find(request).runId, await readBody(request));
    return request.body(null, 200);
  });
  // Notebooks and consoles beside a job are not offered, so no node has a service.
  app.get(`${path}/:runId/serviceinstances/:node`, (request) => {
    find(request);
    return request.json({ instances: {} });
  });
  app.get(`${path}/:runId/token`, async (request) => request.json(await freshToken(context, find(request))));
}

function addExperimentRoutes(app: Hono<WorkspaceEnv>, context: WorkspaceContext): void {
  const records = recordsIn(context.store);
  const find = (text: string): ExperimentDocument => {
    const experiment = records.experiments.byNameOrId(text);
    if (!experiment) throw notFound(`The experiment '${text}'`);
    return experiment;
  };
  app.get(`${base}/experiments/:experiment`, (request) =>
    request.json(showExperiment(find(request.req.param('experiment')))),
  );
  app.get(`${base}/experimentids/:experiment`, (request) =>
    request.json(showExperiment(find(request.req.param('experiment')))),
  );
  app.post(`${base}/experiments/:experiment`, async (request) => {
    const experiment = await records.experiments.ensure(request.req.param('experiment'), context.clock.now());
    return request.json(showExperiment(experiment));
  });
  app.post(`${base}/experiments:query`, (request) =>
    request.json({ value: records.experiments.all().map(showExperiment) }),
  );
  app.get(`${base}/experiments`, (request) =>
    request.json({ value: records.experiments.all().map(showExperiment) }),
  );
  for (const path of [
    `${base}/experiments/:experiment/runs`,
    `${base}/experimentids/:experiment/runs`,
  ] as const) {
    app.get(path, (request) => {
      const caller = request.get('caller');
      const runs = records.runs.inExperiment(find(request.req.param('experiment')).id);
      const listed = runs.filter((run) => !run.deleted && canReach(records, caller, run));
      return request.json(pageOfRuns(context, request, listed));
    });
  }
}

async function changeRun(
  context: WorkspaceContext,
  runId: string,
  body: Record<string, unknown>,
): Promise<RunDocument | undefined> {
  const members = new Members(body, 'body');
  const [displayName, description] = [
    members.text('displayName') ?? members.text('name'),
    members.text('description'),
  ];
  const [tags, properties] = [members.texts('tags'), members.texts('properties')];
  return recordsIn(context.store).runs.update(runId, context.clock.now(), (run) => ({
    ...run,
    displayName: displayName ?? run.displayName,
    ...(description === undefined ? {} : { description }),
    tags: { ...run.tags, ...tags },
    properties: { ...properties, ...run.properties },
  }));
}

/** An event moves a run that no job leads; a job's run is moved by its job alone. */
async function applyEvent(
  context: WorkspaceContext,
  caller: Caller,
  runId: string,
  event: Record<string, unknown>,
): Promise<void> {
  const records = recordsIn(context.store);
  const run = reachableRun(records, caller, runId);
  const status = statusAfter(event);
  if (status !== undefined && !run.ofJob) await records.runs.setStatus(runId, status, context.clock.now());
}

/** MLflow's plugin renews a run's token shortly before it ends. */
async function freshToken({ tokens, urls }: WorkspaceContext, run: RunDocument): Promise<object> {
  const token = await tokens.issue({
    audience: urls.api,
    subject: run.createdBy.objectId,
    lifetimeInSeconds: TOKEN_LIFETIME_IN_SECONDS,
    runId: run.runId,
  });
  return {
    token,
    // Processes of jobs keep the machine's time.
    expiryTimeUtc: new Date(Date.now() + TOKEN_LIFETIME_IN_SECONDS * 1000).toISOString(),
  };
}

function showExperiment({
  id,
  name,
  createdUtc,
  lastModifiedUtc,
  tags,
  deleted,
}: ExperimentDocument): object {
  return {
    experimentId: id,
    name,
    description: '',
    createdUtc,
    lastModifiedUtc,
    tags,
    archivedTime: deleted ? lastModifiedUtc : null,
  };
}
