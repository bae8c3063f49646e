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

/** An asset by its workspace's id, or by Resource Manager's. */
const ASSET_ID = /^azureml:\/\/locations\/[^/]+\/workspaces\/([^/]+)\//i;
const ARM_ID =
  /\/resourcegroups\/[^/]+\/providers\/microsoft\.machinelearningservices\/workspaces\/([^/]+)\//i;

/** `import`: brings a version of the workspace into a registry, which is what clients call sharing. */
export function registryImportRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const begin = context.operations.task<
    Sharing & { readonly registry: string; readonly workspaceId?: string }
  >({
    name: 'registryImport',
    kind: 'ri',
    work: async ({ registry, workspaceId, ...sharing }) => {
      const workspace = workspaceId === undefined ? context : context.served.withId(workspaceId);
      await workspace?.storageReady;
      const found = findRegistry(context, registry);
      if (found && workspace) await new Shares(context, found, workspace).share(sharing);
    },
  });
  app.post(`${registryPath}/import`, async (request) => {
    const registry = registryNamed(context, request.req.param('registryName'));
    const { workspace, ...sharing } = readSharing(context, await readProperties(request));
    const { type, name, version, source } = sharing;
    if (registryAssets(context, registry, type).version(name, version))
      throw conflict(`The registry '${registry.name}' has the version '${version}' of '${name}' already.`);
    if (openAssets(workspace, type).version(source.name, source.version) === undefined)
      throw userError(
        `The version '${source.version}' of '${source.name}' was not found in the workspace.`,
        404,
      );
    const { name: caller } = request.get('caller');
    return answerAccepted(
      request,
      await begin({
        ...sharing,
        caller: { name: caller },
        registry: registry.name,
        workspaceId: workspace.identity.workspaceId,
      }),
    );
  });
  return app;
}

function readSharing(
  context: WorkspaceContext,
  properties: Json,
): Omit<Sharing, 'caller'> & { readonly workspace: WorkspaceContext } {
  const members = new Members(properties);
  const sourceId = members.needed('sourceAssetId', members.text('sourceAssetId'));
  const reference = parseReference(sourceId);
  if (reference.kind !== 'asset' || reference.registry !== undefined || reference.version === undefined)
    throw userError(`The sourceAssetId '${sourceId}' names no version of an asset of a workspace.`);
  const { name, version } = reference;
  const type: AssetType = reference.asset;
  return {
    workspace: workspaceIn(context, sourceId),
    type,
    source: { name, version },
    name: checkName('asset name', members.text('destinationName') ?? name),
    version: checkName('asset version', members.text('destinationVersion') ?? version),
  };
}

/** The workspace of this process that an asset is of. */
function workspaceIn({ served }: WorkspaceContext, sourceId: string): WorkspaceContext {
  const id = ASSET_ID.exec(sourceId)?.[1];
  const name = ARM_ID.exec(sourceId)?.[1];
  const found = id === undefined ? served.named(name ?? '') : served.withId(id);
  if (found) return found;
  if (id === undefined && name === undefined) return served.first;
  const names = served.all().map(({ identity }) => `'${identity.workspaceName}'`);
  throw userError(
    `The workspace '${id ?? name ?? ''}' is not on this machine; assets of ${names.join(', ')} can be shared.`,
  );
}
