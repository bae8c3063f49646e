import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { Members, readBody } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { checkName } from '../../server/names.ts';
import { workspacePath } from '../../server/paths.ts';
import { storageAccountId } from '../datastores/builtIn.ts';
import type { AssetType } from './records.ts';

const LIFETIME_IN_SECONDS = 24 * 60 * 60;

/**
 * `startPendingUpload`: a container of its own for the bytes of one version, with a signature to fill it. Every call
 * makes a new one: in a used container a client would find, and reuse, the name of an older upload.
 */
export function pendingUploadRoutes(context: WorkspaceContext, type: AssetType): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.post(`${workspacePath}/${type}/:name/versions/:version/startPendingUpload`, async (request) => {
    checkName('asset name', request.req.param('name'));
    checkName('asset version', request.req.param('version'));
    const members = new Members(await readBody(request), 'body');
    const kind =
      members.word('pendingUploadType', ['TemporaryBlobReference', 'None']) ?? 'TemporaryBlobReference';
    if (kind === 'None') throw userError("The pendingUploadType 'None' starts no upload.");
    const pendingUploadId = members.text('pendingUploadId') || randomUUID();
    await context.storageReady;
    const container = `upload-${randomUUID()}`;
    await context.storage.createContainer(container);
    return request.json({
      pendingUploadId,
      pendingUploadType: kind,
      blobReferenceForConsumption: {
        blobUri: context.storage.url(container),
        storageAccountArmId: storageAccountId(context),
        credential: {
          credentialType: 'SAS',
          sasUri: context.storage.sasUrl(container, undefined, 'racwl', LIFETIME_IN_SECONDS),
        },
      },
    });
  });
  return app;
}
