import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { outputUri } from '../../engine/jobs/index.ts';
import type { JobDocument, RunDocument } from '../../engine/jobs/records/index.ts';
import { outputsOf } from '../../engine/jobs/specification.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { systemData } from '../../server/stamps.ts';

/** The ARM resource of a job: what was submitted, and how its run stands. */
export function showJob(context: WorkspaceContext, job: JobDocument, run: RunDocument): object {
  return {
    id: `${workspaceId(context.identity)}/jobs/${job.name}`,
    name: job.name,
    type: 'Microsoft.MachineLearningServices/workspaces/jobs',
    properties: {
      ...job.properties,
      description: run.description ?? null,
      displayName: run.displayName,
      experimentName: run.experimentName,
      tags: run.tags,
      properties: run.properties,
      isArchived: job.isArchived,
      status: run.status,
      ...(job.properties['jobType'] === 'Command' ? { parameters: {} } : {}),
      ...(job.parentJobName === undefined ? {} : { parentJobName: job.parentJobName }),
      services: { ...objectOf(job.properties['services']), ...servicesOf(context, run) },
      outputs: showOutputs(job, run.properties['best_child_run_id'] ?? job.name),
    },
    systemData: systemData({ ...job, createdBy: job.createdBy.name }),
  };
}

/** Where a person and where MLflow find the run. */
function servicesOf({ identity, urls }: WorkspaceContext, run: RunDocument): Json {
  const scope = workspaceId(identity);
  return {
    Tracking: {
      jobServiceType: 'Tracking',
      endpoint: `azureml://${new URL(urls.api).host}/mlflow/v1.0${scope}?`,
      port: null,
      status: null,
      errorMessage: null,
      properties: null,
    },
    Studio: {
      jobServiceType: 'Studio',
      endpoint: `${urls.api}/runs/${run.runId}?wsid=${scope}`,
      port: null,
      status: null,
      errorMessage: null,
      properties: null,
    },
  };
}

/** A sweep's outputs are its best trial's. */
function showOutputs({ name, properties }: JobDocument, owner: string): Json {
  const outputs = outputsOf(properties['outputs']);
  const own = objectOf(properties['outputs']);
  const shown = Object.entries(outputs).map(([output, parsed]) => [
    output,
    { mode: 'ReadWriteMount', ...objectOf(own[output]), uri: outputUri(owner, output, parsed) },
  ]);
  const uri = `azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.${name}`;
  return {
    ...Object.fromEntries(shown),
    default: { jobOutputType: 'uri_folder', mode: 'ReadWriteMount', uri },
  };
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
