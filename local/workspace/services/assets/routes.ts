import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { readProperties, type Json } from '../../server/bodies.ts';
import { notFound } from '../../server/failures.ts';
import { checkName } from '../../server/names.ts';
import { pageOf } from '../../server/paging.ts';
import { systemData } from '../../server/stamps.ts';
import { mergeVersion, readContainer, readVersion, type AssetKind } from './assetKind.ts';
import { workspaceHome, type AssetHome, type AssetOwner } from './home.ts';
import { placeOfJobBytes } from './jobBytes.ts';
import { isListed, orderedVersions, queryOf } from './listing.ts';
import { lostBytes, withMark } from './lostBytes.ts';
import { nextVersionOf, type ContainerRecord, type VersionRecord } from './records.ts';

/** Containers and versions of one type of asset: get, list, put and delete; in a workspace all synchronous, as in the service. */
export function assetRoutes(
  context: WorkspaceContext,
  kind: AssetKind,
  home: AssetHome = workspaceHome(context, kind.type),
): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  addContainerRoutes(app, context, kind, home);
  addVersionRoutes(app, context, kind, home);
  return app;
}

function addContainerRoutes(
  app: Hono<WorkspaceEnv>,
  context: WorkspaceContext,
  kind: AssetKind,
  home: AssetHome,
): void {
  const path = `${home.path}/${kind.type}` as const;
  app.get(path, (request) => {
    const owner = home.owner(request);
    const query = queryOf(request);
    const listed = (record: ContainerRecord) =>
      isListed(record.properties, undefined, query) ? showContainer(owner, kind, record) : undefined;
    return request.json(pageOf(request, context, (after) => owner.assets.containers({ after }), listed));
  });
  app.get(`${path}/:name`, (request) => {
    const owner = home.owner(request);
    const record = owner.assets.container(request.req.param('name'));
    if (record === undefined) throw notFound(`The ${kind.noun} '${request.req.param('name')}'`);
    return request.json(showContainer(owner, kind, record));
  });
  app.put(`${path}/:name`, async (request) => {
    const owner = home.owner(request);
    const name = checkName(`${kind.noun} name`, request.req.param('name'));
    const wanted = readContainer(kind, await readProperties(request));
    const { record, created } = await owner.assets.putContainer(name, request.get('caller'), () => wanted);
    return request.json(showContainer(owner, kind, record), created ? 201 : 200, await home.written?.());
  });
  app.delete(`${path}/:name`, async (request) => {
    const deleted = await home.owner(request).assets.deleteContainer(request.req.param('name'));
    return request.body(null, deleted ? 200 : 204);
  });
}

function addVersionRoutes(
  app: Hono<WorkspaceEnv>,
  context: WorkspaceContext,
  kind: AssetKind,
  home: AssetHome,
): void {
  const path = `${home.path}/${kind.type}/:name/versions` as const;
  app.get(path, (request) => {
    const owner = home.owner(request);
    const query = queryOf(request);
    const items = orderedVersions(owner.assets, request.req.param('name'), query);
    const listed = (record: VersionRecord) =>
      isListed(record.properties, record.version, query) ? showVersion(owner, kind, record) : undefined;
    return request.json(pageOf(request, context, items, listed));
  });
  app.get(`${path}/:version`, (request) => {
    const owner = home.owner(request);
    const { name, version } = request.req.param();
    const record = owner.assets.version(name, version);
    if (record === undefined) throw notFound(`The ${kind.noun} '${name}' version '${version}'`);
    return request.json(showVersion(owner, kind, record));
  });
  app.put(`${path}/:version`, async (request) => {
    const owner = home.owner(request);
    const name = checkName(`${kind.noun} name`, request.req.param('name'));
    const version = checkName(`${kind.noun} version`, request.req.param('version'));
    const wanted = readVersion(kind, await readProperties(request), name);
    const { record, created } = await owner.assets.putVersion({
      name,
      version,
      caller: request.get('caller'),
      merge: (current) => mergeVersion(kind, current, wanted),
      container: containerFor(kind, wanted),
      bytesAt: kind.pathMember && placeOfJobBytes(context, String(wanted[kind.pathMember])),
    });
    await lostBytes(owner.context).lookAgain(kind, record);
    return request.json(showVersion(owner, kind, record), created ? 201 : 200, await home.written?.());
  });
  app.delete(`${path}/:version`, async (request) => {
    const { name, version } = request.req.param();
    const deleted = await home.owner(request).assets.deleteVersion(name, version);
    return request.body(null, deleted ? 200 : 204);
  });
}

/** What the container of a type's first version says. */
function containerFor(kind: AssetKind, version: Json): Json {
  return { tags: {}, properties: {}, isArchived: false, ...kind.container?.(version) };
}

function showContainer({ id, type }: AssetOwner, kind: AssetKind, record: ContainerRecord): object {
  const { name, properties, latestVersion } = record;
  return {
    id: `${id}/${kind.type}/${name}`,
    name,
    type: `${type}/${kind.type}`,
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
export function showVersion(owner: AssetOwner, kind: AssetKind, record: VersionRecord): object {
  const { id, type, context } = owner;
  const { name, version } = record;
  const properties = withMark(context, kind.type, record);
  return {
    id: `${id}/${kind.type}/${name}/versions/${version}`,
    name: version,
    type: `${type}/${kind.type}/versions`,
    properties: {
      ...properties,
      ...(kind.provisioned ? { provisioningState: 'Succeeded' } : {}),
      ...kind.show?.(properties, record),
    },
    systemData: systemData(record),
  };
}
