/** A task ships as one file, small enough to start fast and to be downloaded by every agent. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { buildTasks, taskNames } from '../build.mjs';
import { root } from '../prepare.mjs';

const LARGEST_BUNDLE_IN_BYTES = 2.5 * 1024 * 1024;

export async function checkBundles() {
  await buildTasks();
  const problems = [];
  for (const name of await taskNames()) {
    const { size } = await stat(path.join(root, 'build', 'tasks', name, 'index.js'));
    if (size > LARGEST_BUNDLE_IN_BYTES)
      problems.push(`${name} is ${size} bytes; at most ${LARGEST_BUNDLE_IN_BYTES} are allowed.`);
  }
  return problems;
}
