import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { messageOf, Problem } from '../../../../../shared/problem/index.ts';
import type { BlobStorage } from '../../../context.ts';
import { locate, type Location, parseReference, type Places, storedAsset } from '../references/index.ts';
import type { JobInput } from '../specification.ts';
import { bringEvaluated, isEvaluated } from './evaluated.ts';
import { folderOf } from './folders.ts';

/** What stands in the command for every input: a literal's text, or the path (in direct mode: the address) of an asset. */
export async function materialiseInputs(
  inputs: Readonly<Record<string, JobInput>>,
  folder: string,
  places: Places,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [name, input] of Object.entries(inputs)) {
    signal.throwIfAborted();
    const value = await valueOf(name, input, folderOf(folder, name), { places, signal });
    if (value !== undefined) values[name] = value;
  }
  return values;
}

interface Bringing {
  readonly places: Places;
  readonly signal: AbortSignal;
}

async function valueOf(
  name: string,
  input: JobInput,
  folder: string,
  { places, signal }: Bringing,
): Promise<string | undefined> {
  // Azure leaves out an optional input without a value.
  if (input.type === 'literal') return input.value;
  if (input.uri === undefined) return undefined;
  const assumed = input.type.endsWith('_model') ? 'models' : 'data';
  if (input.mode?.toLowerCase() === 'direct') return addressOf(input.uri, assumed, places);
  const location = locate(input.uri, places, assumed);
  await mkdir(folder, { recursive: true });
  if (location.kind === 'url') return download(location.url, folder, { name, input, signal });
  if (isEvaluated(input.type, input.mode)) {
    const { mode } = input;
    if ((await bringEvaluated(name, location, { folder, mode }, places)) === 0)
      throw nothingThere(name, input);
    return folder;
  }
  return bring(location, folder, places.storage, { name, input });
}

/** In direct mode a job is given where the bytes are, also of an asset. */
function addressOf(uri: string, assumed: 'models' | 'data', { assets }: Places): string {
  const reference = parseReference(uri, assumed);
  return reference.kind === 'asset' ? storedAsset(reference, assets).uri : uri;
}

interface Named {
  readonly name: string;
  readonly input: JobInput;
}

/** One blob becomes a file, everything below a path becomes a folder; nothing at all is a failure that names the input. */
async function bring(
  { container, path: at }: Extract<Location, { kind: 'blob' }>,
  folder: string,
  storage: BlobStorage,
  { name, input }: Named,
): Promise<string> {
  if (!at.endsWith('/') && at !== '' && (await storage.exists(container, at))) {
    const file = path.join(folder, path.posix.basename(at));
    await storage.downloadFile(container, at, file);
    return input.type === 'uri_folder' || input.type === 'mltable' ? folder : file;
  }
  const prefix = at === '' || at.endsWith('/') ? at : `${at}/`;
  if ((await storage.downloadPrefix(container, prefix, folder)) === 0) throw nothingThere(name, input);
  if (input.type === 'uri_file') throw notAFile(name, input);
  return folder;
}

async function download(
  url: string,
  folder: string,
  { name, input, signal }: Named & { signal: AbortSignal },
): Promise<string> {
  const file = path.join(folder, fileNameIn(url));
  try {
    const reply = await fetch(url, { signal, dispatcher: new EnvHttpProxyAgent() });
    if (!reply.ok) throw new Error(`the server answered ${reply.status} ${reply.statusText}`);
    await pipeline(Readable.fromWeb(reply.body ?? new ReadableStream()), createWriteStream(file));
  } catch (error) {
    signal.throwIfAborted();
    throw new Problem({
      code: 'network',
      message: `The input '${name}' could not be downloaded from ${url}: ${reasonOf(error)}.`,
      next: 'Check the address, and the proxy and certificates of this machine.',
      cause: error,
    });
  }
  return input.type === 'uri_folder' || input.type === 'mltable' ? folder : file;
}

/** The last word of an address, whatever is encoded in it. */
function fileNameIn(url: string): string {
  const { pathname } = new URL(url);
  const last = decoded(path.posix.basename(pathname)).split(/[\\/]/).at(-1) ?? '';
  return /^\.*$/.test(last) || last.includes('\0') ? 'data' : last;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause instanceof Error ? cause : error);
}

function nothingThere(name: string, input: JobInput): Problem {
  return new Problem({
    code: 'not-found',
    message:
      `Failed to start the job because of a missing input: ScriptExecution.StreamAccess.NotFound. ` +
      `Nothing was found for the input '${name}' at '${input.uri}'.`,
    next: 'Check the path, and that the data was uploaded.',
  });
}

function notAFile(name: string, input: JobInput): Problem {
  return new Problem({
    code: 'input',
    message: `The input '${name}' is a uri_file, but '${input.uri}' is a folder.`,
    next: 'Give the path of one file, or make the input a uri_folder.',
  });
}
