import { Hono } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../../context.ts';
import { readProperties, type Json } from '../../server/bodies.ts';
import { notFound } from '../../server/failures.ts';
import { checkName } from '../../server/names.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { systemData } from '../../server/stamps.ts';
import { mergeVersion, readContainer, readVersion, type AssetKind } from './assetKind.ts';
import { openAssets } from './assetStore.ts';
import { placeOfJobBytes } from './jobBytes.ts';
import { isListed, orderedVersions, queryOf } from './listing.ts';
import { lostBytes, withMark } from './lostBytes.ts';
import { nextVersionOf, type ContainerRecord, type VersionRecord } from './records.ts';

const PROVIDER = 'Microsoft.MachineLearningServices/workspaces';

/** Containers and versions of one type of asset: get, list, put and delete, all synchronous as in the service. */
export function assetRoutes(context: WorkspaceContext, kind: AssetKind): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  addContainerRoutes(app, context, kind);
  addVersionRoutes(app, context, kind);
  return app;
}

function addContainerRoutes(app: Hono<WorkspaceEnv>, context: WorkspaceContext, kind: AssetKind): void {
  const assets = openAssets(context, kind.type);
  const show = (record: ContainerRecord) => showContainer(context, kind, record);
  app.get(`${workspacePath}/${kind.type}`, (request) => {
    const query = queryOf(request);
    const listed = (record: ContainerRecord) =>
      isListed(record.properties, undefined, query) ? show(record) : undefined;
    return request.json(pageOf(request, context, (after) => assets.containers({ after }), listed));
  });
  app.get(`${workspacePath}/${kind.type}/:name`, (request) => {
    const record = assets.container(request.req.param('name'));
    if (record === undefined) throw notFound(`The ${kind.noun} '${request.req.param('name')}'`);
    return request.json(show(record));
  });
  app.put(`${workspacePath}/${kind.type}/:name`, async (request) => {
    const name = checkName(`${kind.noun} name`, request.req.param('name'));
    const wanted = readContainer(kind, await readProperties(request));
    const { record, created } = await assets.putContainer(name, request.get('caller'), () => wanted);
    return request.json(show(record), created ? 201 : 200);
  });
  app.delete(`${workspacePath}/${kind.type}/:name`, async (request) => {
    const deleted = await assets.deleteContainer(request.req.param('name'));
    return request.body(null, deleted ? 200 : 204);
  });
}

function addVersionRoutes(app: Hono<WorkspaceEnv>, context: WorkspaceContext, kind: AssetKind): void {
  const assets = openAssets(context, kind.type);
  const lost = lostBytes(context);
  const path = `${workspacePath}/${kind.type}/:name/versions` as const;
  const show = (record: VersionRecord) => showVersion(context, kind, record);
  app.get(path, (request) => {
    const query = queryOf(request);
    const items = orderedVersions(assets, request.req.param('name'), query);
    const listed = (record: VersionRecord) =>
      isListed(record.properties, record.version, query) ? show(record) : undefined;
    return request.json(pageOf(request, context, items, listed));
  });
  app.get(`${path}/:version`, (request) => {
    const { name, version } = request.req.param();
    const record = assets.version(name, version);
    if (record === undefined) throw notFound(`The ${kind.noun} '${name}' version '${version}'`);
    return request.json(show(record));
  });
  app.put(`${path}/:version`, async (request) => {
    const name = checkName(`${kind.noun} name`, request.req.param('name'));
    const version = checkName(`${kind.noun} version`, request.req.param('version'));
    const wanted = readVersion(kind, await readProperties(request), name);
    const { record, created } = await assets.putVersion({
      name,
      version,
      caller: request.get('caller'),
      merge: (current) => mergeVersion(kind, current, wanted),
      container: containerFor(kind, wanted),
      bytesAt: kind.pathMember && placeOfJobBytes(context, String(wanted[kind.pathMember])),
    });
    await lost.lookAgain(kind, record);
    return request.json(show(record), created ? 201 : 200);
  });
  app.delete(`${path}/:version`, async (request) => {
    const deleted = await assets.deleteVersion(request.req.param('name'), request.req.param('version'));
    return request.body(null, deleted ? 200 : 204);
  });
}

function containerFor(kind: AssetKind, version: Json): Json {
  return { tags: {}, properties: {}, isArchived: false, ...kind.container?.(version) };
}

function showContainer({ identity }: WorkspaceContext, kind: AssetKind, record: ContainerRecord): object {
  const { name, properties, latestVersion } = record;
  return {
    id: `${workspaceId(identity)}/${kind.type}/${name}`,
    name,
    type: `${PROVIDER}/${kind.type}`,
    properties: {
      ...properties,
      ...(kind.provisioned ? { provisioningState: 'Succeeded' } : {}),
      latestVersion: latestVersion ?? null,
      nextVersion: nextVersionOf(record) ?? null,
    },
    systemData: systemData(record),
  };
}

/** The resource of one version, as every answer shows it. */
export function showVersion(context: WorkspaceContext, kind: AssetKind, record: VersionRecord): object {
  const { identity } = context;
  const { name, version } = record;
  const properties = withMark(context, kind.type, record);
  return {
    id: `${workspaceId(identity)}/${kind.type}/${name}/versions/${version}`,
    name: version,
    type: `${PROVIDER}/${kind.type}/versions`,
    properties: {
      ...properties,
      ...(kind.provisioned ? { provisioningState: 'Succeeded' } : {}),
      ...kind.show?.(properties, record),
    },
    systemData: systemData(record),
  };
}
