import { parsePlace, type AzureML, type BlobPlace, type Job } from '../azureml/index.ts';
import { Problem } from '../problem/index.ts';

/** Where a named output of a job lies. Outputs without an address of their own are put by the service under `azureml/<job>/<name>`. */
export function outputPlace(job: Job, output: string): BlobPlace {
  const found = job.outputs[output];
  if (!found) throw unknownOutput(job, output);
  const address = found.uri?.replaceAll('${{name}}', job.name).replaceAll('${{output_name}}', output);
  const place = address === undefined ? undefined : parsePlace(address);
  if (address !== undefined && !place) throw foreignOutput(job, output, address);
  return place ?? { datastore: 'workspaceblobstore', path: `azureml/${job.name}/${output}` };
}

/** The outputs a user named; `default` is the service's own and holds the run's artifacts. */
export function namedOutputs(job: Job): readonly string[] {
  return Object.keys(job.outputs).filter((name) => name !== 'default');
}

/** Addresses of the form `azureml://jobs/<job>/outputs/<output>[/paths/<path>]` and `runs:/<job>/<path>`; undefined for others. */
export function parseJobAddress(
  address: string,
): { job: string; output: string | undefined; path: string } | undefined {
  const output = /^azureml:\/\/jobs\/([^/]+)\/outputs\/([^/]+)(?:\/paths\/?(.*))?$/.exec(address);
  if (output) return { job: output[1]!, output: output[2]!, path: trimmed(output[3] ?? '') };
  const run = /^runs:\/\/?([^/]+)\/(.+)$/.exec(address);
  return run ? { job: run[1]!, output: undefined, path: trimmed(run[2]!) } : undefined;
}

/** Where a run's artifacts lie: below `ExperimentRun/dcid.<run>` of the artifact store. */
export function artifactPlace(job: string, path: string): BlobPlace {
  const root = `ExperimentRun/dcid.${job}`;
  return { datastore: 'workspaceartifactstore', path: path ? `${root}/${path}` : root };
}

/** The place of a job's output or artifact folder, with a path below it; every failure names the job. */
export async function resolveJobAddress(
  client: AzureML,
  address: { job: string; output: string | undefined; path: string },
  abortSignal: AbortSignal,
): Promise<BlobPlace> {
  if (address.output === undefined) return artifactPlace(address.job, address.path);
  const job = await client.jobs.get(address.job, { abortSignal });
  if (!job)
    throw new Problem({
      code: 'not-found',
      message: `The workspace has no job '${address.job}'.`,
      next: 'Check the job name in the source.',
    });
  if (address.output === 'default')
    return artifactPlace(address.job, address.path.replace(/^artifacts\/?/, ''));
  const place = outputPlace(job, address.output);
  return address.path ? { ...place, path: `${place.path}/${address.path}` } : place;
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

function unknownOutput(job: Job, output: string): Problem {
  const names = namedOutputs(job);
  return new Problem({
    code: 'not-found',
    message: `Job '${job.name}' has no output '${output}'; it has ${names.length > 0 ? names.join(', ') : 'none'}.`,
    next: "Use one of these names, or a path of the run's artifacts.",
  });
}

function foreignOutput(job: Job, output: string, address: string): Problem {
  return new Problem({
    code: 'unsupported',
    message: `Output '${output}' of job '${job.name}' lies at ${address}, which is not a datastore of this workspace.`,
    next: 'Write the output to a blob datastore of the workspace.',
  });
}
