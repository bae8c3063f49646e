import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { readFile } from 'node:fs/promises';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import type { DeploymentView, GatesView, ReleaseSource } from '../releases.ts';
import { checkRight, environmentOf, objectIn, stagesOf, wordIn } from './access.ts';
import { deploymentJson, gatesJson } from './deploymentJson.ts';
import { environmentJson } from './json.ts';
import { linksFor } from './links.ts';
import { readVariables } from './variables.ts';

const STATUSES = ['notStarted', 'inProgress', 'succeeded', 'canceled'] as const;

/** Stages of releases: to be read, started and deployed again; deployments, gates and logs. */
export function stageRoutes(context: DevOpsContext, source: ReleaseSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const path = '/releases/:id/environments/:environmentId';
  const stage = (params: { id: string; environmentId: string }) =>
    environmentOf(source, Number(params.id), Number(params.environmentId));

  routes.get(path, ({ req, json }) => {
    const { release, environment } = stage(req.param());
    return json(environmentJson(environment, release, linksFor(req.url, context)));
  });
  routes.patch(path, async ({ req, json }) => {
    const { release, environment } = stage(req.param());
    checkRight(source);
    const body = await objectIn(req);
    const status = wordIn(body.get('status'), STATUSES);
    if (status !== 'inProgress')
      throw new HTTPException(400, { message: 'Here a stage can only be started: status inProgress.' });
    if (environment.status === 'inProgress' || environment.status === 'queued')
      throw new HTTPException(400, { message: `The stage '${environment.name}' is being deployed to.` });
    const variables = readVariables(body.get('variables'), environment.variables);
    source.deploy(release.id, environment.id, variables);
    const queued = { ...environment, status: 'queued' as const };
    return json(environmentJson(queued, release, linksFor(req.url, context)));
  });
  routes.get(`${path}/deployPhases/:phaseId/tasks/:taskId/logs`, async ({ req, text }) => {
    const { environment } = stage(req.param());
    const phase = environment.attempts.at(-1)?.phases.find((one) => one.id === req.param('phaseId'));
    const log = phase?.jobs[0]?.tasks[Number(req.param('taskId')) - 1]?.log;
    if (!log) throw new HTTPException(404, { message: 'The task has written no log.' });
    return text(await readFile(log, 'utf8'));
  });
  routes.get('/deployments', ({ req, json }) => {
    const [definition, stageId] = [req.query('definitionId'), req.query('definitionEnvironmentId')];
    const wanted = stagesOf(source).filter(
      ({ release, environment }) =>
        fits(definition, release.definition.id) && fits(stageId, environment.definition['id']),
    );
    const all = wanted.flatMap(({ release, environment }) =>
      environment.attempts.map((one) =>
        deploymentJson(one, environment, release, linksFor(req.url, context)),
      ),
    );
    return json(listOf(all.reverse()));
  });
  routes.patch('/gates/:gatesId', async ({ req, json }) => {
    const id = Number(req.param('gatesId'));
    checkRight(source);
    const body = await objectIn(req);
    const names: unknown = body.get('gatesToIgnore');
    const comment = body.get('comment');
    const known = gatesWith(source, id);
    const isTaken = source.ignoreGates(
      id,
      Array.isArray(names) ? names.map(String) : [],
      typeof comment === 'string' ? comment : undefined,
    );
    if (!known) throw new HTTPException(404, { message: `There are no gates ${id}.` });
    if (!isTaken) throw new HTTPException(400, { message: `The gates ${id} are not being sampled.` });
    return json(gatesJson(gatesWith(source, id) ?? known, () => ''));
  });
  return routes;
}

function fits(wanted: string | undefined, value: unknown): boolean {
  return wanted === undefined || Number(wanted) === 0 || Number(wanted) === value;
}

function gatesWith(source: ReleaseSource, id: number): GatesView | undefined {
  const attempts: DeploymentView[] = stagesOf(source).flatMap(({ environment }) => environment.attempts);
  return attempts
    .flatMap((one) => [one.preGates ?? [], one.postGates ?? []].flat())
    .find((one) => one.id === id);
}
