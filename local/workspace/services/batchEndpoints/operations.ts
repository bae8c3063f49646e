import { failure } from '../../server/failures.ts';
import { deploymentKey, isBusy } from '../onlineEndpoints/documents.ts';
import type { Batch, BatchOperations, OneDeployment } from './batch.ts';
import { isPipeline } from './deploymentOperations.ts';
import { batchDeploymentsOf } from './documents.ts';
import { scoringStep } from './scoringStep.ts';

/** Everything can be done again from its start, so that a later life of the workspace ends what this one began. */
export function batchOperations(batch: Batch): BatchOperations {
  const { operations, store } = batch.context;
  const { endpoints, deployments } = batch.documents;
  return {
    putEndpoint: operations.task({
      name: 'batchEndpoint.put',
      kind: 'be',
      work: async ({ endpoint }) => {
        await endpoints.update(endpoint, (one) => one && { ...one, provisioningState: 'Succeeded' });
      },
    }),
    deleteEndpoint: operations.task({
      name: 'batchEndpoint.delete',
      kind: 'be',
      work: ({ endpoint }) =>
        store.transaction(() => {
          for (const { name } of batchDeploymentsOf(batch.documents, endpoint))
            void deployments.delete(deploymentKey(endpoint, name));
          void endpoints.delete(endpoint);
        }),
    }),
    putDeployment: operations.task({
      name: 'batchDeployment.put',
      kind: 'bd',
      work: (names) => provision(batch, names),
    }),
    deleteDeployment: operations.task({
      name: 'batchDeployment.delete',
      kind: 'bd',
      work: ({ endpoint, deployment }) => deployments.delete(deploymentKey(endpoint, deployment)),
    }),
  };
}

/** Nothing runs between invocations: all there is to do is to make ready what a job will be made of. */
async function provision(batch: Batch, { endpoint, deployment }: OneDeployment): Promise<void> {
  const { deployments } = batch.documents;
  const key = deploymentKey(endpoint, deployment);
  const stored = deployments.get(key);
  if (!stored) return;
  if (!isBusy(stored.provisioningState)) {
    if (stored.provisioningState === 'Failed')
      throw failure(400, 'BadArgument', `The deployment '${deployment}' failed while it was provisioned.`);
    return;
  }
  try {
    const step = isPipeline(stored.definition) ? undefined : await scoringStep(batch, stored);
    await deployments.update(
      key,
      (one) => one && { ...one, provisioningState: 'Succeeded', ...(step ? { step } : {}) },
    );
  } catch (error) {
    await deployments.update(key, (one) => one && { ...one, provisioningState: 'Failed' });
    throw error;
  }
}
