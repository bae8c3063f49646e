import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { Members, readProperties, type Json } from '../../server/bodies.ts';
import { conflict, userError } from '../../server/failures.ts';
import { checkName } from '../../server/names.ts';
import { registryPath } from '../../server/paths.ts';
import { parseReference } from '../../engine/jobs/references/index.ts';
import type { AssetType } from '../assets/records.ts';
import { openAssets } from '../assets/assetStore.ts';
import { answerAccepted } from '../onlineEndpoints/operationAnswers.ts';
import { findRegistry, registryAssets, registryNamed } from './records.ts';
import { Shares, type Sharing } from './share.ts';

const ASSET_ID = /^azureml:\/\/locations\/[^/]+\/workspaces\/([^/]+)\//i;

/** `import`: brings a version of the workspace into a registry, which is what clients call sharing. */
export function registryImportRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const begin = context.operations.task<Sharing & { readonly registry: string }>({
    name: 'registryImport',
    kind: 'ri',
    work: async ({ registry, ...sharing }) => {
      await context.storageReady;
      const found = findRegistry(context, registry);
      if (found) await new Shares(context, found).share(sharing);
    },
  });
  app.post(`${registryPath}/import`, async (request) => {
    const registry = registryNamed(context, request.req.param('registryName'));
    const sharing = readSharing(context, await readProperties(request));
    const { type, name, version, source } = sharing;
    if (registryAssets(context, registry, type).version(name, version))
      throw conflict(`The registry '${registry.name}' has the version '${version}' of '${name}' already.`);
    if (openAssets(context, type).version(source.name, source.version) === undefined)
      throw userError(
        `The version '${source.version}' of '${source.name}' was not found in the workspace.`,
        404,
      );
    const { name: caller } = request.get('caller');
    return answerAccepted(
      request,
      await begin({ ...sharing, caller: { name: caller }, registry: registry.name }),
    );
  });
  return app;
}

function readSharing({ identity }: WorkspaceContext, properties: Json): Omit<Sharing, 'caller'> {
  const members = new Members(properties);
  const sourceId = members.needed('sourceAssetId', members.text('sourceAssetId'));
  const reference = parseReference(sourceId);
  if (reference.kind !== 'asset' || reference.registry !== undefined || reference.version === undefined)
    throw userError(`The sourceAssetId '${sourceId}' names no version of an asset of a workspace.`);
  const workspace = ASSET_ID.exec(sourceId)?.[1];
  if (workspace !== undefined && workspace.toLowerCase() !== identity.workspaceId.toLowerCase())
    throw userError(
      `The workspace '${workspace}' is not on this machine; assets of '${identity.workspaceName}' can be shared.`,
    );
  const { name, version } = reference;
  const type: AssetType = reference.asset;
  return {
    type,
    source: { name, version },
    name: checkName('asset name', members.text('destinationName') ?? name),
    version: checkName('asset version', members.text('destinationVersion') ?? version),
  };
}
