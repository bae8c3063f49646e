import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { type AssetKind, parseReference, workspaceAssets } from '../../engine/jobs/references/index.ts';
import { readBody } from '../../server/bodies.ts';
import { dataPlanePath } from '../../server/paths.ts';

/** Asset ids to addresses, for clients that download a job's outputs. */
export function resolvedUriRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const assets = workspaceAssets(context);
  const resolve = (values: unknown, assumed: AssetKind, member: 'uri' | 'path'): object => {
    const ids = Array.isArray(values) ? values.map(String) : [];
    const found = ids.flatMap((id) => {
      const reference = parseReference(id, assumed);
      const asset = reference.kind === 'asset' ? assets.stored(reference) : undefined;
      return asset ? [[id, { [member]: asset.uri, type: typeOf(asset.type) }] as const] : [];
    });
    return { values: Object.fromEntries(found) };
  };
  app.post(`${dataPlanePath('/data/v1.0')}/dataversion/batchGetResolvedUris`, async (request) =>
    request.json(resolve((await readBody(request))['values'], 'data', 'uri')),
  );
  app.post(`${dataPlanePath('/modelregistry/v1.0')}/models/batchGetResolvedUris`, async (request) =>
    request.json(resolve((await readBody(request))['values'], 'models', 'path')),
  );
  return app;
}

/** The data planes write `UriFolder` for `uri_folder`. */
function typeOf(type: string | undefined): string | null {
  if (type === undefined) return null;
  return type
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
