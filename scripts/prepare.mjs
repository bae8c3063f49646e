/** What every command of the README needs first: packages as the lock file has them, and a build of the sources as they are. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const oldest = [20, 9];
const pythonNames = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];

/** Fails early and in words where Node or Python is too old or missing. */
export function requireTools() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    fail(
      `This is Node ${process.versions.node}; ${oldest.join('.')} or newer is needed.`,
      'Install a newer one from https://nodejs.org, open a new terminal and run the same command again.',
    );
  }
  const pythons = pythonNames.map(pythonVersion).filter(Boolean);
  if (pythons.some(({ isEnough }) => isEnough)) return;
  const found = pythons.map(({ name, version }) => `${name} is ${version}`).join(', ');
  fail(
    found
      ? `Python on PATH is too old (${found}); 3.9 or newer is needed to run training jobs and endpoints.`
      : `${pythonNames.join(' or ')} was not found on PATH; Python 3.9 or newer is needed to run training jobs and endpoints.`,
    'Install it from https://python.org or with the package manager of this system, and run the same command again.',
  );
}

function pythonVersion(name) {
  const program = 'import sys; print(sys.version_info >= (3, 9), sys.version.split()[0])';
  const { status, stdout } = spawnSync(name, ['-c', program], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const [isEnough, version] = stdout.trim().split(' ');
  return { name, version, isEnough: isEnough === 'True' };
}

/** Installs the packages of a folder's lock file, unless exactly these are installed already. */
export function installPackages(folder = root) {
  const stamp = path.join(folder, 'node_modules', '.installed');
  const wanted = hashOf([path.join(folder, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // Where node_modules is a link, npm would empty the folder it leads to, which others use.
  if (lstatSync(path.dirname(stamp), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  say(`Installing packages${folder === root ? '' : ` of ${path.relative(root, folder)}`} (once) ...`);
  // npm is a script on Windows and can only be started by a shell there.
  const shell = process.platform === 'win32';
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit', shell });
  if (error)
    fail(`npm could not be started: ${error.message}`, 'It comes with Node; see that both are on PATH.');
  if (status !== 0) {
    fail(
      'The packages could not be installed; what npm says about it stands above.',
      'They come from the npm registry, which must be reachable this once. Behind a proxy: "npm config set proxy" and',
      '"npm config set https-proxy", for a mirror: "npm config set registry". Then run the same command again.',
    );
  }
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
  const build = path.join(root, 'scripts', 'build.mjs');
  const { status } = spawnSync(process.execPath, [build], { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail('The build failed; the bundler says above what it could not read.');
  writeFileSync(stamp, wanted);
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}

export function fail(...lines) {
  process.stderr.write(`${lines.join('\n')}\n`);
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
