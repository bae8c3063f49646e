import type { Release } from 'azure-devops-node-api/interfaces/ReleaseInterfaces.js';
import { messageOf, Problem } from '../problem/index.ts';
import { currentRelease, openReleases } from './devops.ts';

/** What writing variables needs of the release service, so that a test can stand in for it. */
export interface ReleaseStore {
  read(): Promise<Release>;
  write(release: Release): Promise<unknown>;
}

interface WriteOptions {
  readonly abortSignal: AbortSignal;
  /** Waits; by default by the clock. */
  readonly pause?: (timeInMs: number) => Promise<void>;
}

const ATTEMPTS = 12;
/** At least so long after a variable was seen, it must be there still. */
const SHORTEST_QUIET_IN_MS = 1500;

/** The release this step runs in, to be read and changed; undefined in a pipeline's run. */
export async function openRelease(): Promise<ReleaseStore | undefined> {
  const release = currentRelease();
  if (!release) return undefined;
  const { project, releaseId } = release;
  const api = await openReleases();
  return {
    async read() {
      // The client turns a 404 into nothing.
      const found: Release | null = await api.getRelease(project, releaseId);
      if (found) return found;
      throw new Problem({ code: 'not-found', message: `There is no release ${releaseId} any more.` });
    },
    write: (changed) => api.updateRelease(changed, project, releaseId),
  };
}

/**
 * Gives the release variables that later stages read. A release is read and put back as a whole, and of two that do so
 * at once the service may keep only the second and tell nobody: so each looks again after the time another one's
 * writing may take, and repeats what was lost.
 */
export async function writeReleaseVariables(
  store: ReleaseStore,
  wanted: Readonly<Record<string, string>>,
  { abortSignal, pause = wait }: WriteOptions,
): Promise<void> {
  let longestInMs = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    abortSignal.throwIfAborted();
    const started = performance.now();
    const release = await readRelease(store);
    if (isThere(release, wanted)) {
      await pause(SHORTEST_QUIET_IN_MS + 3 * longestInMs + jitter(500));
      if (isThere(await readRelease(store), wanted)) return;
      continue;
    }
    await writeOnce(store, withVariables(release, wanted));
    longestInMs = Math.max(longestInMs, performance.now() - started);
    await pause(jitter(100 * attempt));
  }
  throw new Problem({
    code: 'conflict',
    message: `The release variables ${Object.keys(wanted).join(', ')} were overwritten by others ${ATTEMPTS} times.`,
    next: 'Find out what else changes this release at the same time, and let the stages follow one another.',
  });
}

async function readRelease(store: ReleaseStore): Promise<Release> {
  try {
    return await store.read();
  } catch (error) {
    throw cannot('read', error);
  }
}

/** A conflict the service does report is met like one it does not: by the next look. */
async function writeOnce(store: ReleaseStore, release: Release): Promise<void> {
  try {
    await store.write(release);
  } catch (error) {
    if (statusOf(error) !== 409) throw cannot('change', error);
  }
}

/** Names are the same in any case; a secret comes without its value, so that it is there is all that can be seen. */
function isThere({ variables = {} }: Release, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const found = variables[keyOf(variables, name)];
    return found !== undefined && (found.isSecret === true || (found.value ?? '') === value);
  });
}

/** Secrets go back as they came, without a value: the service then keeps the one it has. */
function withVariables(release: Release, wanted: Readonly<Record<string, string>>): Release {
  const variables = { ...release.variables };
  for (const [name, value] of Object.entries(wanted)) {
    const key = keyOf(variables, name);
    variables[key] = { ...variables[key], value };
  }
  return { ...release, variables };
}

function keyOf(variables: object, name: string): string {
  return Object.keys(variables).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
}

function cannot(act: 'read' | 'change', error: unknown): unknown {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  const isForbidden = status === 401 || status === 403;
  return new Problem({
    code: isForbidden ? 'forbidden' : 'service',
    message: isForbidden
      ? `The job's identity may not ${act} this release.`
      : `The release could not be ${act === 'read' ? 'read' : 'changed'}.`,
    next: isForbidden
      ? "Give 'Project Collection Build Service' or '<project> Build Service' the right 'Manage releases' on the release pipeline (Security), or write no release variables."
      : 'Run the step again.',
    reply: { ...(status !== undefined && { status }), message: messageOf(error) },
    cause: error,
  });
}

function statusOf(error: unknown): number | undefined {
  const isTold = typeof error === 'object' && error !== null && 'statusCode' in error;
  return isTold && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function jitter(mostInMs: number): number {
  return Math.random() * mostInMs;
}

function wait(timeInMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeInMs));
}
