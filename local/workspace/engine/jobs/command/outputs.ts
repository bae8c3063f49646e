import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../../../../../shared/problem/index.ts';
import { outputUri } from '../outputs.ts';
import { locate, type Places } from '../references/index.ts';
import type { JobOutput } from '../specification.ts';
import { folderOf } from './folders.ts';

/** An output while the job runs: the path in the command, and where it goes in the end. */
export interface PreparedOutput {
  readonly name: string;
  readonly output: JobOutput;
  readonly uri: string;
  /** Undefined in direct mode, where the job writes to the address itself. */
  readonly local: string | undefined;
}

/** Makes room for every output; a destination that leads nowhere is named before anything runs. */
export async function prepareOutputs(
  job: string,
  outputs: Readonly<Record<string, JobOutput>>,
  folder: string,
  places: Places,
): Promise<PreparedOutput[]> {
  const prepared = Object.entries(outputs).map(([name, output]) => prepare(job, name, output, folder));
  for (const { name, uri, local, output } of prepared) {
    if (locate(uri, places).kind !== 'blob') throw notWritable(name, uri);
    if (local !== undefined)
      await mkdir(output.type === 'uri_file' ? path.dirname(local) : local, { recursive: true });
    if (local !== undefined && isMountOfChosen(output)) await bringExisting(uri, local, output, places);
  }
  return prepared;
}

/** What is mounted shows what is there already; addresses that are made for the job hold nothing. */
function isMountOfChosen({ mode, uri }: JobOutput): boolean {
  return uri !== undefined && (mode ?? 'ReadWriteMount').toLowerCase() === 'readwritemount';
}

async function bringExisting(uri: string, local: string, output: JobOutput, places: Places): Promise<void> {
  const location = locate(uri, places);
  if (location.kind !== 'blob') return;
  const { container, path: at } = location;
  const { storage } = places;
  if (output.type === 'uri_file') {
    if (await storage.exists(container, at)) await storage.downloadFile(container, at, local);
  } else await storage.downloadPrefix(container, at.endsWith('/') ? at : `${at}/`, local);
}

function prepare(job: string, name: string, output: JobOutput, folder: string): PreparedOutput {
  const uri = outputUri(job, name, output);
  if (output.mode?.toLowerCase() === 'direct') return { name, output, uri, local: undefined };
  const local = folderOf(folder, name);
  return {
    name,
    output,
    uri,
    local: output.type === 'uri_file' ? path.join(local, path.posix.basename(uri)) : local,
  };
}

/** Copies what the job left, also after a failure; returns the names of the outputs that hold something. */
export async function uploadOutputs(prepared: readonly PreparedOutput[], places: Places): Promise<string[]> {
  const uploaded: string[] = [];
  for (const { name, uri, local } of prepared) {
    const location = locate(uri, places);
    const found = local === undefined ? undefined : await stat(local).catch(() => undefined);
    if (local === undefined || found === undefined || location.kind !== 'blob') continue;
    const { container, path: at } = location;
    if (found.isDirectory()) await places.storage.uploadFolder(container, at, local);
    else await places.storage.uploadFile(container, at, local);
    uploaded.push(name);
  }
  return uploaded;
}

/** What stands in the command for an output. */
export function outputValue({ local, uri }: PreparedOutput): string {
  return local ?? uri;
}

function notWritable(name: string, uri: string): Problem {
  return new Problem({
    code: 'input',
    message: `The output '${name}' cannot be written to '${uri}'.`,
    next: 'Use a path in a datastore, for example azureml://datastores/workspaceblobstore/paths/...',
  });
}
