import type { WorkspaceService } from '../../context.ts';
import { registryAssetsRoutes } from './assets.ts';
import { registryFilesRoutes } from './files.ts';
import { registryImportRoutes } from './imports.ts';
import { registriesRoutes } from './routes.ts';

/** Registries: what workspaces share. */
export const registries: WorkspaceService = {
  name: 'registries',
  once: true,
  routes: (context) =>
    registriesRoutes(context)
      .route('/', registryFilesRoutes(context))
      .route('/', registryImportRoutes(context))
      .route('/', registryAssetsRoutes(context)),
};
