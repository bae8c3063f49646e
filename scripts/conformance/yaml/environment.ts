import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../local/workspace/cacheFolder.ts';

const REQUIREMENTS = fileURLToPath(new URL('reference/requirements.txt', import.meta.url));
const IS_WINDOWS = process.platform === 'win32';

/** The Python of a virtual environment that holds the pinned reference client; installed once and kept. */
export function referencePython(): string {
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const folder = path.join(cacheFolder(), 'tools', `reference-client-${wanted}`);
  const python = path.join(folder, ...(IS_WINDOWS ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const stamp = path.join(folder, '.whole');
  if (existsSync(stamp)) return python;
  process.stdout.write('Installing the reference client (once) ...\n');
  rmSync(folder, { recursive: true, force: true });
  run(IS_WINDOWS ? 'python' : 'python3', ['-m', 'venv', folder]);
  run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '-r',
    REQUIREMENTS,
  ]);
  writeFileSync(stamp, '');
  return python;
}

function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status === 0) return;
  process.stderr.write(
    `The reference client could not be installed: ${program} ${args[1] ?? ''} ${error?.message ?? `ended with ${status}`}.\n` +
      'It needs Python 3.10 or newer with venv, and a reachable package index this once.\n',
  );
  process.exit(2);
}
