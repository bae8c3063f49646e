import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parsePlace, placeUri, type AzureML, type BlobPlace } from '../azureml/index.ts';
import { Problem } from '../problem/index.ts';
import { parseJobAddress, resolveJobAddress } from './jobOutputs.ts';

/** Where a model's files are before it is registered. */
export type ModelSource =
  | { readonly kind: 'local'; readonly path: string }
  | {
      readonly kind: 'stored';
      readonly place: BlobPlace;
      /** What the service is told as modelUri: the job's address where there is one, so that it keeps the lineage. */
      readonly modelUri: string;
      readonly jobName: string | undefined;
    };

/** Finds out what a source means: a job output, run artifacts, a datastore address, or a path on this machine. */
export async function resolveModelSource(
  client: AzureML,
  source: string,
  abortSignal: AbortSignal,
): Promise<ModelSource> {
  const address = parseJobAddress(source);
  if (address) {
    const place = await resolveJobAddress(client, address, abortSignal);
    return { kind: 'stored', place, modelUri: modelUriOf(source, place), jobName: address.job };
  }
  const place = parsePlace(source);
  if (place) return { kind: 'stored', place, modelUri: placeUri(place), jobName: undefined };
  if (/^[a-z][a-z0-9+.-]*:/i.test(source) && !path.isAbsolute(source)) throw unknownAddress(source);
  return { kind: 'local', path: existing(path.resolve(source), source) };
}

/** The `default` output is no output of the job's own; its artifacts are named by their run. */
function modelUriOf(source: string, place: BlobPlace): string {
  return /\/outputs\/default(\/|$)/.test(source) ? placeUri(place) : source;
}

function existing(file: string, source: string): string {
  if (existsSync(file) && (statSync(file).isFile() || statSync(file).isDirectory())) return file;
  throw new Problem({
    code: 'input',
    message: `There is no file or folder '${source}'.`,
    place: { input: 'source' },
    next: 'Check the path; it is relative to the working directory. A job output is written azureml://jobs/<job>/outputs/<output>.',
  });
}

function unknownAddress(source: string): Problem {
  return new Problem({
    code: 'input',
    message: `'${source}' is not an address a model can be registered from.`,
    place: { input: 'source' },
    next: 'Use azureml://jobs/<job>/outputs/<output>, runs:/<job>/<path>, azureml://datastores/<datastore>/paths/<path>, or a local path.',
  });
}
