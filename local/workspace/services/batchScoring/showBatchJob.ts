import type { WorkspaceContext } from '../../context.ts';
import type { JobDocument, RunDocument } from '../../engine/jobs/records/index.ts';
import { isObject } from '../../server/bodies.ts';
import { systemData } from '../../server/stamps.ts';
import { BATCH_ENDPOINT_TYPE, batchDeploymentId } from '../batchEndpoints/render.ts';
import { showJob } from '../jobs/showJob.ts';

/** A batch job as the endpoint shows it; under its name it is a job like any other. */
export function showBatchJob(
  context: WorkspaceContext,
  names: { readonly endpoint: string; readonly deployment: string },
  job: JobDocument,
  run: RunDocument,
): object {
  const shown = showJob(context, job, run);
  const properties = 'properties' in shown && isObject(shown.properties) ? shown.properties : {};
  return {
    id: `${batchDeploymentId(context, names.endpoint, names.deployment)}/jobs/${job.name}`,
    name: job.name,
    type: `${BATCH_ENDPOINT_TYPE}/deployments/jobs`,
    properties: {
      name: job.name,
      displayName: run.displayName,
      description: run.description ?? null,
      experimentName: run.experimentName,
      status: run.status,
      inputData: properties['inputs'] ?? {},
      outputData: properties['outputs'] ?? {},
      interactionEndpoints: properties['services'],
      tags: run.tags,
      properties: run.properties,
      isArchived: job.isArchived,
      provisioningState: 'Succeeded',
    },
    systemData: systemData({ ...job, createdBy: job.createdBy.name }),
  };
}
