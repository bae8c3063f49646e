import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { readFile } from 'node:fs/promises';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import type { BuildView, TimelineView } from '../builds.ts';
import { artifactJson, buildJson, logJson, logsOf, timelineJson } from './json.ts';

/** Builds, timelines, attachments, logs, artifacts and tags of runs, to be read. */
export function buildRoutes(context: DevOpsContext): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const build = (id: string): BuildView => {
    const found = context.builds.find(Number(id));
    if (!found) throw new HTTPException(404, { message: `The requested build ${id} could not be found.` });
    return found;
  };
  const base = (url: string): string =>
    `${new URL(url).origin}/${encodeURIComponent(context.organization)}/${context.project.id}/_apis/build/builds`;
  const { project } = context;

  routes.get('/builds/:id', ({ req, json }) => json(buildJson(build(req.param('id')), project, base(req.url))));
  routes.get('/builds/:id/:timeline{[Tt]imeline}/:timelineId?', ({ req, json }) => {
    const found = build(req.param('id'));
    const wanted = req.param('timelineId')?.toLowerCase();
    if (wanted !== undefined && wanted !== found.planId) throw missing(`timeline ${wanted}`);
    return json(timelineJson(found, base(req.url)));
  });
  routes.get('/builds/:id/attachments/:type', ({ req, json }) => {
    const found = build(req.param('id'));
    const type = decodeURIComponent(req.param('type')).toLowerCase();
    const hrefs = found.records.flatMap((record) =>
      record.attachments
        .filter((one) => one.type.toLowerCase() === type)
        .map((one) => ({ name: one.name, _links: { self: { href: attachmentUrl(base(req.url), found, record, one) } } })),
    );
    return json(listOf(hrefs));
  });
  routes.get('/builds/:id/:timelineId/:recordId/attachments/:type/:name', async ({ req, body }) => {
    const record = recordOf(build(req.param('id')), req.param('timelineId'), req.param('recordId'));
    const [type, name] = [req.param('type'), req.param('name')].map(decodeURIComponent);
    const found = record.attachments.find(
      (one) => one.type.toLowerCase() === type?.toLowerCase() && one.name.toLowerCase() === name?.toLowerCase(),
    );
    if (!found) throw missing(`attachment ${name}`);
    return body(await bytesOf(found.file), 200, { 'Content-Type': 'application/octet-stream' });
  });
  routes.get('/builds/:id/logs', ({ req, json }) => {
    const found = build(req.param('id'));
    return json(listOf(logsOf(found).map((_, index) => logJson(found, index + 1, base(req.url)))));
  });
  routes.get('/builds/:id/logs/:logId', async ({ req, json, text }) => {
    const file = logsOf(build(req.param('id')))[Number(req.param('logId')) - 1];
    if (!file) throw missing(`log ${req.param('logId')}`);
    const content = await readFile(file, 'utf8');
    const wantsText = req.header('Accept')?.includes('text/plain');
    return wantsText ? text(content) : json(listOf(content.split('\n').filter((line) => line !== '')));
  });
  routes.get('/builds/:id/artifacts', ({ req, json }) => {
    const artifacts = build(req.param('id')).artifacts.map(artifactJson);
    const name = req.query('artifactName')?.toLowerCase();
    if (name === undefined) return json(listOf(artifacts));
    const found = artifacts.find((one) => one.name.toLowerCase() === name);
    if (!found) throw missing(`artifact ${name}`);
    return json(found);
  });
  routes.get('/builds/:id/tags', ({ req, json }) => json(listOf(build(req.param('id')).tags)));
  return routes;
}

function attachmentUrl(base: string, build: BuildView, record: TimelineView, one: { type: string; name: string }): string {
  const path = [build.id, build.planId, record.id, 'attachments', one.type, one.name];
  return `${base}/${path.map((part) => encodeURIComponent(part)).join('/')}`;
}

function recordOf(build: BuildView, timelineId: string, recordId: string): TimelineView {
  const found = timelineId.toLowerCase() === build.planId && build.records.find((one) => one.id === recordId.toLowerCase());
  if (!found) throw missing(`timeline record ${recordId}`);
  return found;
}

async function bytesOf(file: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(file)).buffer;
}

function missing(what: string): HTTPException {
  return new HTTPException(404, { message: `There is no ${what}.` });
}
