import { mkdir } from 'node:fs/promises';
import { binFolderOf } from './binFolder.ts';
import { build } from './build.ts';
import { type CacheEntry, cacheEntry, isWhole } from './cache.ts';
import { parseCondaFile } from './condaFile.ts';
import { describeInterpreter, findInterpreter, type Interpreter } from './interpreters.ts';
import { curatedRequirements, imageRequirements } from './known.ts';
import { withLock } from './lock.ts';
import type { EnvironmentRequest, PrepareOptions, PreparedEnvironment } from './request.ts';
import { type Requirements, requirementsOf } from './requirements.ts';
import { satisfies } from './satisfied.ts';

/** Gives a Python that satisfies the request: the one on PATH as it is, or a cached virtual environment, made when missing. */
export async function prepareEnvironment(
  request: EnvironmentRequest,
  options: PrepareOptions,
): Promise<PreparedEnvironment> {
  const wanted = wantedBy(request);
  const env = options.processEnvironment ?? process.env;
  await mkdir(options.cacheFolder, { recursive: true });
  const { interpreter, met } = await findInterpreter(wanted.python, env);
  const warnings = [...wanted.warnings, ...(met ? [] : [pinWarning(wanted.python ?? '', interpreter)])];
  for (const warning of warnings) options.onLog(`Warning: ${warning}`);
  const place = await placeFor(interpreter, wanted.lines, { ...options, processEnvironment: env });
  return {
    ...place.where,
    warnings,
    properties: propertiesOf(interpreter, wanted.python, place.environment),
  };
}

/** What the request comes to; throws when it names something that this machine cannot stand in for. */
function wantedBy(request: EnvironmentRequest): Requirements {
  const base = baseOf(request);
  const conda =
    request.condaFile === undefined ? undefined : requirementsOf(parseCondaFile(request.condaFile));
  return {
    // With a conda file the image gives the operating system only, as on Azure.
    lines: [...(conda ? conda.lines : base.lines), ...(request.extraPipRequirements ?? [])],
    python: conda ? conda.python : base.python,
    warnings: [...base.warnings, ...(conda?.warnings ?? [])],
  };
}

function baseOf(request: EnvironmentRequest): Requirements {
  if (request.image !== undefined) {
    if (request.condaFile === undefined) return imageRequirements(request.image);
    return { lines: [], python: undefined, warnings: [] };
  }
  if (request.condaFile === undefined && request.name !== undefined) return curatedRequirements(request.name);
  return { lines: [], python: undefined, warnings: [] };
}

interface Place {
  readonly where: { readonly python: string; readonly binFolder: string };
  /** Hash of the cached environment, or `interpreter` when the one on PATH is used as it is. */
  readonly environment: string;
}

type PlaceOptions = PrepareOptions & { readonly processEnvironment: NodeJS.ProcessEnv };

async function placeFor(
  interpreter: Interpreter,
  lines: readonly string[],
  options: PlaceOptions,
): Promise<Place> {
  const { cacheFolder, processEnvironment: env } = options;
  if (await satisfies(interpreter.python, lines, env)) {
    options.onLog(
      `Python ${interpreter.version} (${interpreter.python}) already has what the environment asks for.`,
    );
    const binFolder = await binFolderOf(interpreter.python, cacheFolder);
    return { where: { python: interpreter.python, binFolder }, environment: 'interpreter' };
  }
  const entry = cacheEntry(cacheFolder, interpreter, lines);
  if (await isUsable(entry, env)) options.onLog(`Using the cached environment ${entry.hash}.`);
  else await buildLocked(entry, interpreter, lines, options);
  return { where: { python: entry.python, binFolder: entry.binFolder }, environment: entry.hash };
}

async function buildLocked(
  entry: CacheEntry,
  interpreter: Interpreter,
  lines: readonly string[],
  options: PlaceOptions,
): Promise<void> {
  const { processEnvironment: env, onLog, signal } = options;
  const onWait = (): void => onLog('Waiting for the same environment, which another process is making.');
  await withLock(entry.lockFile, { python: interpreter.python, env, onWait, signal }, async () => {
    if (await isUsable(entry, env)) onLog(`Using the environment ${entry.hash}, made meanwhile.`);
    else await build(entry, interpreter, lines, { env, onLog, signal });
  });
}

/** Whole, and its base interpreter is still there. */
async function isUsable(entry: CacheEntry, env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await isWhole(entry)) && (await describeInterpreter(entry.python, env)) !== undefined;
}

function pinWarning(pin: string, interpreter: Interpreter): string {
  return `The environment asks for Python ${pin}, which this machine does not have; Python ${interpreter.version} is used.`;
}

function propertiesOf(
  interpreter: Interpreter,
  pin: string | undefined,
  environment: string,
): Record<string, string> {
  return {
    'embedded.environment': environment,
    'embedded.pythonVersion': interpreter.version,
    ...(pin === undefined ? {} : { 'embedded.pythonAsked': pin }),
  };
}
