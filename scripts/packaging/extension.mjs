import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildTasks, taskNames } from '../build.mjs';
import { problemsOf } from '../checks/bundles.mjs';
import { thirdPartyNotices } from './notices.mjs';
import { fail, root, say } from '../prepare.mjs';

const LARGEST_VSIX_IN_BYTES = 6 * 1024 * 1024;

/** Task ids must differ where both variants are installed; this one is the same for every development build. */
function developmentId(id) {
  const hex = createHash('sha256').update(`development ${id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Everything the manifest names, in one folder. */
async function stageFiles(stage, { dev }) {
  const metafiles = await buildTasks(stage);
  const problems = metafiles.flatMap(problemsOf);
  if (problems.length > 0) fail(problems.join('\n'));
  if (dev)
    for (const name of await taskNames()) await rewrite(path.join(stage, name, 'task.json'), developmentTask);
  for (const file of ['vss-extension.json', 'overview.md', 'LICENSE'])
    await cp(path.join(root, file), path.join(stage, file));
  if (dev) await rewrite(path.join(stage, 'vss-extension.json'), developmentManifest);
  await cp(path.join(root, 'images'), path.join(stage, 'images'), {
    recursive: true,
    filter: (file) => !file.endsWith('.svg'),
  });
  await writeFile(path.join(stage, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(metafiles));
}

function developmentTask(task) {
  return { ...task, id: developmentId(task.id), friendlyName: `${task.friendlyName} (dev)`.slice(0, 40) };
}

/** An artifact type names the task that downloads it by its id. */
function developmentManifest(manifest) {
  const contributions = manifest.contributions.map((one) => {
    const { downloadTaskId } = one.properties;
    const properties = downloadTaskId && { ...one.properties, downloadTaskId: developmentId(downloadTaskId) };
    return properties ? { ...one, properties } : one;
  });
  return { ...manifest, contributions };
}

async function rewrite(file, change) {
  const value = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, `${JSON.stringify(change(value), undefined, 2)}\n`);
}

function overrides({ publisher, 'extension-id': extensionId, dev }, manifest) {
  return {
    publisher: publisher ?? manifest.publisher,
    id: extensionId ?? (dev ? `${manifest.id}-dev` : manifest.id),
    name: dev ? `${manifest.name} (dev)` : manifest.name,
    public: false,
  };
}

function createVsix(stage, changes, file) {
  const tfx = path.join(root, 'node_modules', 'tfx-cli', '_build', 'tfx-cli.js');
  const args = [
    'extension',
    'create',
    '--root',
    stage,
    '--manifest-globs',
    'vss-extension.json',
    '--override',
    JSON.stringify(changes),
    '--output-path',
    file,
    '--no-prompt',
  ];
  const result = spawnSync(process.execPath, [tfx, ...args], { cwd: stage, encoding: 'utf8' });
  const said = `${result.stdout}${result.stderr}`;
  if (result.status !== 0) fail(`tfx could not create the extension:\n${said}`);
  const warnings = said.split('\n').filter((line) => /warning/i.test(line));
  if (warnings.length > 0) fail(`tfx warns:\n${warnings.join('\n')}`);
}

/** Builds the extension as one .vsix and says where it is. */
export async function packageExtension(options) {
  const manifest = JSON.parse(await readFile(path.join(root, 'vss-extension.json'), 'utf8'));
  const changes = overrides(options, manifest);
  const file = path.resolve(options.output, `${changes.publisher}.${changes.id}-${manifest.version}.vsix`);
  const stage = await mkdtemp(path.join(os.tmpdir(), 'extension-'));
  try {
    await stageFiles(stage, options);
    await mkdir(path.dirname(file), { recursive: true });
    await rm(file, { force: true });
    createVsix(stage, changes, file);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
  const { size } = await stat(file);
  if (size > LARGEST_VSIX_IN_BYTES)
    fail(`${file} is ${size} bytes; at most ${LARGEST_VSIX_IN_BYTES} are allowed.`);
  say(`${path.relative(process.cwd(), file)} (${(size / 1024 / 1024).toFixed(2)} MB)`);
}
