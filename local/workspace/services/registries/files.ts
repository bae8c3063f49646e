import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { Members, readBody } from '../../server/bodies.ts';
import { conflict, userError } from '../../server/failures.ts';
import { checkName } from '../../server/names.ts';
import { registryPath } from '../../server/paths.ts';
import { parseReference } from '../../engine/jobs/references/index.ts';
import { addressOf, newRoom, roomOf, signed } from './contents.ts';
import { registryAssets, registryNamed } from './records.ts';

/** Room for files that are going to be registered, and ways to those that are: older data-plane words, and Resource Manager's. */
export function registryFilesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.put(`${registryPath}/tempdatarefs/:name/versions/:version`, async (request) => {
    const owner = registryNamed(context, request.req.param('registryName'));
    const assetId = await assetIdIn(request);
    const reference = parseReference(assetId);
    if (reference.kind !== 'asset') throw userError(`The assetId '${assetId}' names no asset of a registry.`);
    const { asset, name, version = '' } = reference;
    checkName('asset name', name);
    checkName('asset version', version);
    // Clients take a conflict for files that are there already.
    if (registryAssets(context, owner, asset).version(name, version))
      throw conflict(`The registry '${owner.name}' has the version '${version}' of '${name}' already.`);
    return request.json(await roomFor(context, owner));
  });
  for (const type of ['codes', 'data', 'models'] as const)
    app.post(`${registryPath}/${type}/:name/versions/:version/startPendingUpload`, async (request) => {
      const owner = registryNamed(context, request.req.param('registryName'));
      checkName('asset name', request.req.param('name'));
      checkName('asset version', request.req.param('version'));
      const members = new Members(await readBody(request), 'body');
      const pendingUploadType =
        members.word('pendingUploadType', ['TemporaryBlobReference', 'None']) ?? 'TemporaryBlobReference';
      if (pendingUploadType === 'None') throw userError("The pendingUploadType 'None' starts no upload.");
      const pendingUploadId = members.text('pendingUploadId') || crypto.randomUUID();
      return request.json({ pendingUploadId, pendingUploadType, ...(await roomFor(context, owner)) });
    });
  for (const word of ['datarefs', 'datareferences'] as const)
    app.post(`${registryPath}/${word}/:name/versions/:version`, async (request) => {
      const owner = registryNamed(context, request.req.param('registryName'));
      const members = new Members(await readBody(request), 'body');
      const blobUri = members.needed('blobUri', members.text('blobUri'));
      const container = roomOf(context, owner, blobUri);
      await context.storageReady;
      return request.json({ blobReferenceForConsumption: signed(context, container, blobUri, 'rl') });
    });
  return app;
}

async function roomFor(
  context: WorkspaceContext,
  owner: Parameters<typeof newRoom>[1],
): Promise<{ blobReferenceForConsumption: object }> {
  const room = await newRoom(context, owner);
  return { blobReferenceForConsumption: signed(context, room, addressOf(context, room), 'racwl') };
}

async function assetIdIn(request: Context<WorkspaceEnv>): Promise<string> {
  const members = new Members(await readBody(request), 'body');
  return members.needed('assetId', members.text('assetId'));
}
