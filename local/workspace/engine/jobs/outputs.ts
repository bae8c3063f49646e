import type { JobOutput } from './specification.ts';

/** Where an output goes: as the job says, with its placeholders filled, or where Azure puts it. */
export function outputUri(job: string, name: string, output: JobOutput): string {
  const isFile = output.type === 'uri_file';
  const uri =
    output.uri ?? `azureml://datastores/workspaceblobstore/paths/azureml/${job}/${name}${isFile ? '' : '/'}`;
  return uri
    .replaceAll(/\$\{\{\s*name\s*\}\}/g, job)
    .replaceAll(/\$\{\{\s*output_name\s*\}\}/g, name)
    .replaceAll(/\$\{\{\s*default_datastore\s*\}\}/g, 'workspaceblobstore');
}
