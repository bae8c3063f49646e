import type { Use } from '../compilation.ts';
import { dataAssets, environments, models } from './assets.ts';
import { batchDeployments } from './batch/deploymentFamily.ts';
import { batchEndpoints } from './batch/endpointFamily.ts';
import { components } from './component/family.ts';
import { computes } from './compute/family.ts';
import { connections } from './connection/family.ts';
import { dataImports } from './dataImport/family.ts';
import { datastores } from './datastore/family.ts';
import type { Family } from './family.ts';
import { jobs } from './job/family.ts';
import { onlineDeployments, onlineEndpoints } from './online/family.ts';
import { schedules } from './schedule/family.ts';
import { workspaces } from './workspace/family.ts';

/** What can be read, by the use a file is read for. */
export const FAMILIES: { readonly [U in Use]: Family<U> } = {
  job: jobs,
  component: components,
  environment: environments,
  model: models,
  data: dataAssets,
  dataImport: dataImports,
  datastore: datastores,
  onlineEndpoint: onlineEndpoints,
  onlineDeployment: onlineDeployments,
  batchEndpoint: batchEndpoints,
  batchDeployment: batchDeployments,
  schedule: schedules,
  compute: computes,
  workspace: workspaces,
  connection: connections,
};

/** What a file can be read for. */
export const USES = Object.keys(FAMILIES) as readonly Use[];
