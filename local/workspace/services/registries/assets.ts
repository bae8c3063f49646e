import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { isRegistryPlane, registryPath } from '../../server/paths.ts';
import type { AssetKind } from '../assets/assetKind.ts';
import type { AssetHome } from '../assets/home.ts';
import { assetRoutes } from '../assets/routes.ts';
import { code } from '../codes/routes.ts';
import { component } from '../components/routes.ts';
import { data } from '../data/routes.ts';
import { environment } from '../environments/routes.ts';
import { model } from '../models/routes.ts';
import { registryAssets, registryNamed, within } from './records.ts';
import { assetWritten } from './routes.ts';
import { REGISTRY_TYPE, registryId } from './show.ts';

/** The five types of assets in a registry: as in the workspace, but each write is an operation to be followed. */
export function registryAssetsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const written = assetWritten(context);
  for (const kind of [code, component, data, environment, model])
    app.route('/', assetRoutes(context, kind, registryHome(context, kind, written)));
  return app;
}

function registryHome(
  context: WorkspaceContext,
  kind: AssetKind,
  written: NonNullable<AssetHome['written']>,
): AssetHome {
  return {
    path: registryPath,
    owner: (request) => {
      const registry = registryNamed(context, request.req.param('registryName') ?? '');
      return {
        // Below the registries' own prefix assets are named by addresses, which is all that clients can read there.
        id: isRegistryPlane(request.req.url)
          ? `azureml://registries/${registry.name}`
          : registryId(context, registry.name),
        type: REGISTRY_TYPE,
        assets: registryAssets(context, registry, kind.type),
        context: within(context, registry),
      };
    },
    written,
  };
}
