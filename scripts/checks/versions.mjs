/** Agents take the newest version they know: what changed since the last release must carry a higher one. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { taskNames } from '../build.mjs';
import { root } from '../prepare.mjs';

const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });

export async function checkVersions() {
  const version = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')).version;
  const problems = [];
  const manifest = JSON.parse(await readFile(path.join(root, 'vss-extension.json'), 'utf8'));
  if (manifest.version !== version)
    problems.push(`vss-extension.json is ${manifest.version}, package.json ${version}.`);
  for (const name of await taskNames()) {
    const task = JSON.parse(await readFile(path.join(root, 'tasks', name, 'task.json'), 'utf8'));
    const own = `${task.version.Major}.${task.version.Minor}.${task.version.Patch}`;
    if (own !== version) problems.push(`tasks/${name}/task.json is ${own}, package.json ${version}.`);
  }
  return [...problems, ...sinceRelease(version)];
}

function sinceRelease(version) {
  const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v*').stdout.trim();
  if (!tag || isHigher(version, tag.slice(1))) return [];
  const changed = git(
    'diff',
    '--name-only',
    tag,
    '--',
    'tasks',
    'shared',
    'results-tab',
    'vss-extension.json',
  ).stdout.trim();
  return changed
    ? [`Shipped files changed since ${tag}, but the version is still ${version}:\n${changed}`]
    : [];
}

function isHigher(one, other) {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  const at = a.findIndex((part, index) => part !== b[index]);
  return at >= 0 && a[at] > b[at];
}
