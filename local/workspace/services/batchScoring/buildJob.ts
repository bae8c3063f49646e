import type { Json } from '../../server/bodies.ts';
import type { Batch } from '../batchEndpoints/batch.ts';
import { isPipeline } from '../batchEndpoints/deploymentOperations.ts';
import type { StoredDeployment } from '../batchEndpoints/documents.ts';
import { pipelineJob } from './pipelineJob.ts';
import type { Invocation } from './readInvocation.ts';
import { scoringJob } from './scoringJob.ts';

/** The body of the job that an invocation comes to. */
export function buildJob(batch: Batch, deployment: StoredDeployment, invocation: Invocation): Json {
  const { name, endpoint, definition } = deployment;
  const body = isPipeline(definition)
    ? pipelineJob(batch, definition, invocation)
    : scoringJob(deployment, invocation);
  const kind = isPipeline(definition) ? { 'azureml.jobtype': 'azureml.pipelinejob' } : {};
  return {
    jobType: 'Pipeline',
    experimentName: invocation.experimentName ?? endpoint,
    ...body,
    tags: {
      ...tagsOf(body),
      'azureml.batchrun': 'true',
      'azureml.endpointname': endpoint,
      'azureml.deploymentname': name,
      ...kind,
    },
    properties: { 'azureml.endpointname': endpoint, 'azureml.deploymentname': name },
  };
}

function tagsOf({ tags }: Json): Json {
  return typeof tags === 'object' && tags !== null ? { ...tags } : {};
}
