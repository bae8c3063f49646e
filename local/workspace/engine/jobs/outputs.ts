import type { JobOutput } from './specification.ts';

const DEFAULT_DATASTORE = 'workspaceblobstore';

/** Where an output goes: as the job says, with its placeholders filled, or where Azure puts it. */
export function outputUri(
  job: string,
  name: string,
  output: JobOutput,
  datastore = DEFAULT_DATASTORE,
): string {
  const isFile = output.type === 'uri_file';
  const uri =
    output.uri ?? `azureml://datastores/${datastore}/paths/azureml/${job}/${name}${isFile ? '' : '/'}`;
  return uri
    .replaceAll(/\$\{\{\s*name\s*\}\}/g, job)
    .replaceAll(/\$\{\{\s*output_name\s*\}\}/g, name)
    .replaceAll(/\$\{\{\s*default_datastore\s*\}\}/g, datastore);
}
