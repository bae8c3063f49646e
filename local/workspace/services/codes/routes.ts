import { codesBody, codesVersionsBody } from '../../rules/assets.ts';
import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { defined } from '../../server/bodies.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { blobPlaceOf } from '../../storage/place.ts';
import type { AssetKind } from '../assets/assetKind.ts';
import { workspaceOwner } from '../assets/home.ts';
import { pendingUploadRoutes } from '../assets/pendingUpload.ts';
import type { VersionRecord } from '../assets/records.ts';
import { assetRoutes, showVersion } from '../assets/routes.ts';

/** Snapshots of source folders. */
export const code: AssetKind = {
  type: 'codes',
  rules: { container: codesBody, version: codesVersionsBody },
  noun: 'code asset',
  pathMember: 'codeUri',
  provisioned: true,
  read: (members) => defined({ codeUri: members.text('codeUri') }),
};

/** Code assets: snapshots of source folders, found again by the hash of their content. */
export function codesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const owner = workspaceOwner(context, 'codes');
  app.get(`${workspacePath}/codes/:name/versions`, async (request, next) => {
    const hash = request.req.query('hash');
    if (!hash) return next();
    const found = await withBytes(
      context,
      owner.assets.withHash(hash).filter(hasHashVersion(request.req.query('hashVersion'))),
    );
    const items = found.map((record) => [`${record.name}/${record.version}`, record] as const);
    const remaining = (after: string | undefined) =>
      items.filter(([key]) => after === undefined || key > after);
    return request.json(pageOf(request, context, remaining, (record) => showVersion(owner, code, record)));
  });
  app.route('/', assetRoutes(context, code));
  app.route('/', pendingUploadRoutes(context, 'codes'));
  return app;
}

function hasHashVersion(wanted: string | undefined): (record: VersionRecord) => boolean {
  return ({ properties }) =>
    wanted === undefined ||
    (properties.properties as Record<string, unknown> | undefined)?.hash_version === wanted;
}

/** A client uploads nothing when its hash is known, so only snapshots whose bytes are really there may be offered. */
async function withBytes(
  context: WorkspaceContext,
  records: readonly VersionRecord[],
): Promise<VersionRecord[]> {
  if (records.length === 0) return [];
  await context.storageReady;
  const present = await Promise.all(records.map((record) => hasBytes(context, record)));
  return records.filter((_, index) => present[index]);
}

async function hasBytes(context: WorkspaceContext, { properties }: VersionRecord): Promise<boolean> {
  const place = blobPlaceOf(context, String(properties.codeUri));
  if (place === undefined) return true;
  try {
    for await (const blob of context.storage.list(place.container, place.path)) return blob.path !== '';
  } catch {
    // A container that is gone holds no bytes.
  }
  return false;
}
