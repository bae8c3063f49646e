/** What every command of the README needs first: packages as the lock file has them, and a build of the sources as they are. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const oldest = [20, 9];

/** Fails early and in words where Node or Python is too old or missing. */
export function requireTools() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    fail(`Node ${process.versions.node} is too old; ${oldest.join('.')} or newer is needed.`);
  }
  const python = spawnSync(
    'python3',
    ['-c', 'import sys; print(sys.version_info >= (3, 9), sys.version.split()[0])'],
    { encoding: 'utf8' },
  );
  if (python.error || python.status !== 0)
    fail('python3 was not found on PATH; Python 3.9 or newer is needed to run training jobs.');
  if (!python.stdout.startsWith('True'))
    fail(`python3 on PATH is ${python.stdout.split(' ')[1]?.trim()}; 3.9 or newer is needed.`);
}

/** Installs the packages of the lock file, unless exactly these are installed already. */
export function installPackages() {
  const stamp = path.join(root, 'node_modules', '.installed');
  const wanted = hashOf([path.join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing packages (once) ...');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

/** Builds tasks and command line, unless the build is of these very sources. */
export function buildAll() {
  const stamp = path.join(root, 'build', '.built');
  const sources = ['shared', 'tasks', 'local', 'scripts'].flatMap((folder) =>
    filesBelow(path.join(root, folder)),
  );
  const wanted = hashOf([...sources, path.join(root, 'package.json'), path.join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Building tasks and command line ...');
  run(process.execPath, [path.join(root, 'scripts', 'build.mjs')]);
  writeFileSync(stamp, wanted);
}

export function run(command, args, options = {}) {
  // npm is a script on Windows and can only be started by a shell there.
  const shell = process.platform === 'win32' && command === 'npm';
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell, ...options });
  if (result.error) fail(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}

export function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => statSync(file).isFile());
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort())
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}
