import type { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { dataBody, dataVersionsBody } from '../../rules/assets.ts';
import { defined } from '../../server/bodies.ts';
import type { AssetKind } from '../assets/assetKind.ts';
import { pendingUploadRoutes } from '../assets/pendingUpload.ts';
import { assetRoutes } from '../assets/routes.ts';

const TYPES = ['uri_file', 'uri_folder', 'mltable'] as const;

/** Named places of files. */
export const data: AssetKind = {
  type: 'data',
  rules: { container: dataBody, version: dataVersionsBody },
  noun: 'data asset',
  pathMember: 'dataUri',
  fixed: ['dataType'],
  provisioned: false,
  read: (members) =>
    defined({
      dataType: members.needed('dataType', members.word('dataType', TYPES)),
      dataUri: members.needed('dataUri', members.text('dataUri')),
      referencedUris: members.list('referencedUris'),
    }),
  readContainer: (members) => ({ dataType: members.needed('dataType', members.word('dataType', TYPES)) }),
  container: ({ dataType }) => ({ dataType }),
};

/** Data assets: named places of files, folders and tables. */
export function dataRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  return assetRoutes(context, data).route('/', pendingUploadRoutes(context, 'data'));
}
