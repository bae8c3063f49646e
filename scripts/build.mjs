/** Bundles every task into build/tasks/<Name>/ and the local command line into build/local/. */
import { build } from 'esbuild';
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writtenChecks } from './build/checks.mjs';
import { trim } from './build/trim.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const shipped = ['task.json', 'icon.png', 'icon.svg', 'Strings'];

/**
 * How code of tasks is bundled: CommonJS in one file, as small as it gets.
 * @type {import('esbuild').BuildOptions}
 */
export const asTask = {
  bundle: true,
  platform: 'node',
  mainFields: ['module', 'main'],
  // No task sends forms; merely asking for `FormData` makes Node load the whole of its fetch.
  define: { 'import.meta.url': 'taskBundleUrl', FormData: 'undefined' },
  banner: { js: 'const taskBundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  target: 'node20',
  format: 'cjs',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.json': 'json' },
  plugins: [trim, writtenChecks],
};

/** Names of the task folders that can be built. */
export async function taskNames(project = root) {
  const entries = await readdir(path.join(project, 'tasks'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Builds the tasks into a folder and gives what the bundler read and wrote for each. */
export async function buildTasks(folder = path.join(root, 'build', 'tasks')) {
  return Promise.all((await taskNames()).map((name) => buildTask(name, path.join(folder, name))));
}

/** What a bundle loads that is neither in it nor in Node: such a task would not start on an agent. */
export function missingFrom({ outputs }) {
  return Object.values(outputs)
    .flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
    .filter((name) => !isBuiltin(name));
}

async function buildTask(name, target) {
  const source = path.join(root, 'tasks', name);
  await mkdir(target, { recursive: true });
  for (const file of shipped) {
    const from = path.join(source, file);
    if (await stat(from).catch(() => undefined)) await cp(from, path.join(target, file), { recursive: true });
  }
  // A task that runs on the server ships no code.
  if (!(await stat(path.join(source, 'index.ts')).catch(() => undefined))) return { inputs: {}, outputs: {} };
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: [path.join(source, 'index.ts')],
    outfile: path.join(target, 'index.js'),
    ...asTask,
  });
  // Whatever package the task's folder lies in, its bundle is CommonJS.
  await writeFile(path.join(target, 'package.json'), '{ "type": "commonjs" }\n');
  return metafile;
}

export async function buildLocal() {
  await Promise.all([buildCommands(), buildStorage()]);
}

async function buildCommands() {
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'local/cli.ts', workspace: 'local/workspace/main.ts' },
    chunkNames: 'part-[hash]',
    outdir: 'build/local',
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

/** Azurite as one file: read from hundreds, it takes twice as long to start. Its telemetry library is left out. */
async function buildStorage() {
  await build({
    absWorkingDir: root,
    entryPoints: { azuriteProcess: 'local/workspace/storage/azuriteProcess.mjs' },
    outdir: 'build/local',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    minify: true,
    keepNames: true,
    legalComments: 'none',
    alias: { applicationinsights: './local/workspace/storage/noTelemetry.cjs' },
    // The CommonJS modules inside look for what a module file does not have.
    banner: {
      js: [
        "import { createRequire as requireFor } from 'node:module';",
        "import { fileURLToPath as pathFor } from 'node:url';",
        'const require = requireFor(import.meta.url);',
        'const __filename = pathFor(import.meta.url);',
        "const __dirname = pathFor(new URL('.', import.meta.url));",
      ].join('\n'),
    },
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await rm(path.join(root, 'build'), { recursive: true, force: true });
  await Promise.all([buildTasks(), buildLocal()]);
}
