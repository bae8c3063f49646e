import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem, redact } from '../../../../shared/problem/index.ts';
import { type CacheEntry, markWhole } from './cache.ts';
import type { Interpreter } from './interpreters.ts';
import { runLines } from './processes.ts';

export interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly onLog: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Makes the virtual environment and installs the requirements with the user's own pip configuration. */
export async function build(
  entry: CacheEntry,
  interpreter: Interpreter,
  lines: readonly string[],
  options: BuildOptions,
): Promise<void> {
  await rm(entry.folder, { recursive: true, force: true });
  try {
    await makeVenv(entry, interpreter, options);
    await install(entry, lines, options);
    await markWhole(entry, { interpreter, requirements: lines });
  } catch (error) {
    await rm(entry.folder, { recursive: true, force: true });
    throw error;
  }
}

async function makeVenv(entry: CacheEntry, interpreter: Interpreter, options: BuildOptions): Promise<void> {
  options.onLog(`Making a virtual environment with Python ${interpreter.version} (${interpreter.python}).`);
  const said: string[] = [];
  const onLine = (line: string): void => void said.push(line);
  // Debian's Python has no ensurepip; virtualenv carries its own pip.
  for (const module of ['venv', 'virtualenv']) {
    const code = await runLines(interpreter.python, ['-I', '-m', module, entry.folder], {
      ...options,
      onLine,
    });
    if (code === 0) return;
  }
  throw new Problem({
    code: 'unsupported',
    message: `Python ${interpreter.version} (${interpreter.python}) could not make a virtual environment: ${said.join(' ').trim()}`,
    next: 'Install its venv module (on Debian and Ubuntu: apt install python3-venv), or put another Python on PATH.',
  });
}

async function install(entry: CacheEntry, lines: readonly string[], options: BuildOptions): Promise<void> {
  const file = path.join(entry.folder, 'requirements.txt');
  await writeFile(file, `${lines.join('\n')}\n`);
  const said: string[] = [];
  const onLine = (line: string): void => {
    said.push(line);
    options.onLog(redact(line));
  };
  const args = [
    '-m',
    'pip',
    'install',
    '--no-input',
    '--disable-pip-version-check',
    '--progress-bar',
    'off',
    '-r',
    file,
  ];
  const code = await runLines(entry.python, args, { ...options, onLine });
  if (code !== 0) throw installFailed(code, said);
}

function installFailed(code: number, said: readonly string[]): Problem {
  const errors = said.filter((line) => /^(?:ERROR|error):/.test(line));
  const reason = redact((errors.length > 0 ? errors : said.slice(-3)).join(' '));
  return new Problem({
    code: 'job',
    message:
      `Image build failed: pip could not install the environment's packages (exit code ${code}). ${reason}`.trim(),
    next: "Correct the environment, or pip's configuration on this machine (index, proxy, certificates).",
  });
}
