/** A task ships as one file, complete, and small enough to start fast and to be downloaded by every agent. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildTasks, missingFrom } from '../build.mjs';

const LARGEST_BUNDLE_IN_BYTES = 2.5 * 1024 * 1024;

export async function checkBundles() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bundles-'));
  try {
    return (await buildTasks(folder)).flatMap(problemsOf);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Problems of one bundle, from what the bundler says about it. */
export function problemsOf(metafile) {
  return Object.entries(metafile.outputs).flatMap(([file, { bytes }]) => [
    ...(bytes > LARGEST_BUNDLE_IN_BYTES
      ? [`${file} is ${bytes} bytes; at most ${LARGEST_BUNDLE_IN_BYTES} are allowed.`]
      : []),
    ...missingFrom(metafile).map((name) => `${file} needs '${name}', which is not in it.`),
  ]);
}
