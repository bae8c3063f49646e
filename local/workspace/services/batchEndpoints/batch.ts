import type { BeginOperation, WorkspaceContext } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { workspaceAssets, type Places } from '../../engine/jobs/references/index.ts';
import { notFound } from '../../server/failures.ts';
import { deploymentKey } from '../onlineEndpoints/documents.ts';
import {
  batchDocuments,
  type BatchDocuments,
  type StoredDeployment,
  type StoredEndpoint,
} from './documents.ts';

export interface OneEndpoint {
  readonly endpoint: string;
}

export interface OneDeployment extends OneEndpoint {
  readonly deployment: string;
}

/** The long-running work of batch endpoints, by the names of what it is done to. */
export interface BatchOperations {
  readonly putEndpoint: BeginOperation<OneEndpoint>;
  readonly deleteEndpoint: BeginOperation<OneEndpoint>;
  readonly putDeployment: BeginOperation<OneDeployment>;
  readonly deleteDeployment: BeginOperation<OneDeployment>;
}

/** What the services of batch endpoints share. */
export interface Batch {
  readonly context: WorkspaceContext;
  readonly documents: BatchDocuments;
  readonly places: Places;
}

/** The same with the operations that its routes begin. */
export interface BatchControl extends Batch {
  readonly begin: BatchOperations;
}

export function batchOf(context: WorkspaceContext): Batch {
  const { store, storage } = context;
  return {
    context,
    documents: batchDocuments(store),
    places: { storage, assets: workspaceAssets(context), records: recordsIn(store) },
  };
}

export function findEndpoint({ documents }: Batch, name: string): StoredEndpoint {
  const endpoint = documents.endpoints.get(name);
  if (!endpoint) throw notFound(`The batch endpoint '${name}'`);
  return endpoint;
}

export function findDeployment(batch: Batch, endpoint: string, name: string): StoredDeployment {
  findEndpoint(batch, endpoint);
  const deployment = batch.documents.deployments.get(deploymentKey(endpoint, name));
  if (!deployment) throw notFound(`The deployment '${name}' of batch endpoint '${endpoint}'`);
  return deployment;
}
