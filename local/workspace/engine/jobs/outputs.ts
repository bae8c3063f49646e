import type { JobOutput } from './specification.ts';

const DEFAULT_DATASTORE = 'workspaceblobstore';
/** An output of this name is what the job leaves in `./outputs` and `./logs`. */
const ARTIFACTS = 'artifacts';

/** Where an output goes: as the job says, with its placeholders filled, or where Azure puts it. */
export function outputUri(
  job: string,
  name: string,
  output: JobOutput,
  datastore = DEFAULT_DATASTORE,
): string {
  return (output.uri ?? defaultUri(job, name, output, datastore))
    .replaceAll(/\$\{\{\s*name\s*\}\}/g, job)
    .replaceAll(/\$\{\{\s*output_name\s*\}\}/g, name)
    .replaceAll(/\$\{\{\s*default_datastore\s*\}\}/g, datastore);
}

function defaultUri(job: string, name: string, { type }: JobOutput, datastore: string): string {
  if (name === ARTIFACTS)
    return `azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.${job}/`;
  return `azureml://datastores/${datastore}/paths/azureml/${job}/${name}${type === 'uri_file' ? '' : '/'}`;
}
