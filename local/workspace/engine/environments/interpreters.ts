import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { Problem } from '../../../../shared/problem/index.ts';
import { outputOf } from './processes.ts';
import { meetsPin } from './pythonPin.ts';

/** A Python interpreter on this machine. */
export interface Interpreter {
  readonly python: string;
  /** For example `3.11.7`. */
  readonly version: string;
  readonly implementation: string;
  /** For example `linux-x86_64`. */
  readonly platform: string;
}

const PROBE = `
import json, platform, sys, sysconfig
print(json.dumps({'python': sys.executable, 'version': platform.python_version(),
                  'implementation': sys.implementation.name, 'platform': sysconfig.get_platform()}))
`;
const IS_WINDOWS = process.platform === 'win32';
const NEWEST_MINOR = 15;
const OLDEST_MINOR = 8;

/** The interpreter that answers to `command`, or undefined when it does not run (a pyenv shim without a version, for example). */
export async function describeInterpreter(
  command: string,
  env: NodeJS.ProcessEnv,
): Promise<Interpreter | undefined> {
  const output = await outputOf(command, ['-I', '-c', PROBE], env);
  return output === undefined ? undefined : parseInterpreter(output);
}

/** The first interpreter that meets the pin; the default one, with `met: false`, when none does. */
export async function findInterpreter(
  pin: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<{ interpreter: Interpreter; met: boolean }> {
  const first = await defaultInterpreter(env);
  if (pin === undefined || meetsPin(first.version, pin)) return { interpreter: first, met: true };
  for (const command of await otherCommands(pin, env)) {
    const found = await describeInterpreter(command, env);
    if (found && meetsPin(found.version, pin)) return { interpreter: found, met: true };
  }
  return { interpreter: first, met: false };
}

async function defaultInterpreter(env: NodeJS.ProcessEnv): Promise<Interpreter> {
  for (const command of IS_WINDOWS ? ['python', 'py'] : ['python3', 'python']) {
    const found = await describeInterpreter(command, env);
    if (found && meetsPin(found.version, '>=3')) return found;
  }
  throw new Problem({
    code: 'unsupported',
    message: 'No Python 3 was found on PATH, so jobs and deployments cannot run on this machine.',
    next: 'Install Python 3.9 or newer and make sure that python3 is on PATH.',
  });
}

/** Other Pythons of this machine that may meet the pin, newest first: on PATH, then pyenv's. */
async function otherCommands(pin: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const minors = Array.from({ length: NEWEST_MINOR - OLDEST_MINOR + 1 }, (_, index) => NEWEST_MINOR - index);
  const likely = minors.filter((minor) => meetsPin(`3.${minor}.99`, pin) || pin.includes(`3.${minor}`));
  return [...(IS_WINDOWS ? [] : likely.map((minor) => `python3.${minor}`)), ...(await pyenvPythons(env))];
}

async function pyenvPythons(env: NodeJS.ProcessEnv): Promise<string[]> {
  const versions = path.join(env['PYENV_ROOT'] ?? path.join(env['HOME'] ?? homedir(), '.pyenv'), 'versions');
  const names = await readdir(versions).catch(() => []);
  return names
    .filter((name) => /^3\.\d+/.test(name))
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }))
    .map((name) => path.join(versions, name, ...(IS_WINDOWS ? ['python.exe'] : ['bin', 'python3'])));
}

function parseInterpreter(output: string): Interpreter | undefined {
  try {
    return JSON.parse(output) as Interpreter;
  } catch {
    return undefined;
  }
}
