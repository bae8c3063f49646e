import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScriptStepPlan } from '../../plan.ts';
import { scriptEnvironment } from '../environment.ts';
import { expand } from './expand.ts';
import { defaultFolder, environmentOf, runStepProcess } from './process.ts';
import type { Attempt, RunningStep, StepHost } from './step.ts';

/** `script`, `bash` and `pwsh` steps: the text goes into a file in the temp folder, and the shell runs it. */
export function scriptAttempt(plan: ScriptStepPlan, step: RunningStep, host: StepHost): Attempt {
  const text = expand(plan.script.text, host).trim();
  const folder = defaultFolder(host);
  const cwd = path.resolve(folder, expand(plan.workingDirectory?.text ?? '', host));
  const shell = shellFor(plan);
  return async (signals) => {
    const file = path.join(host.folders.temp, `${randomUUID()}${shell.extension}`);
    await writeFile(file, shell.wrap(text), { encoding: 'utf8', mode: 0o600 });
    let wroteToStderr = false;
    const onStderr = (): void => void (wroteToStderr = true);
    const { command, args } = shell.start(file);
    step.state.sink.line(`##[command]${[command, ...args].join(' ')}`);
    const env = scriptEnvironment(environmentOf(step, host));
    const end = await runStepProcess({ command, args, cwd, env, onStderr }, step, host, signals);
    if (plan.failOnStderr && wroteToStderr && end.kind === 'exit' && end.code === 0) {
      step.state.sink.issue({ type: 'error', message: 'The script wrote to the standard error stream.' });
      step.state.result = 'Failed';
    }
    return end;
  };
}

interface Shell {
  readonly extension: string;
  readonly wrap: (text: string) => string;
  readonly start: (file: string) => { readonly command: string; readonly args: readonly string[] };
}

function shellFor(plan: ScriptStepPlan): Shell {
  const { shell } = plan;
  if (shell === 'pwsh') return pwsh(plan);
  return shell === 'script' && process.platform === 'win32' ? cmd : bash(shell);
}

/** A plain `script` runs without the user's profile, as CmdLine@2 does; `bash` as Bash@3 does. */
const bash = (shell: 'script' | 'bash'): Shell => ({
  extension: '.sh',
  wrap: (text) => text.replace(/\r\n/g, '\n'),
  start: (file) => ({ command: 'bash', args: shell === 'script' ? ['--noprofile', '--norc', file] : [file] }),
});

const cmd: Shell = {
  extension: '.cmd',
  wrap: (text) => `@echo off\r\n${text.replace(/\r?\n/g, '\r\n')}`,
  start: (file) => ({ command: 'cmd.exe', args: ['/D', '/E:ON', '/V:OFF', '/S', '/C', `CALL "${file}"`] }),
};

/** Errors stop the script, and the last program's exit code becomes its own, as PowerShell@2 arranges it. */
const pwsh = ({ errorActionPreference = 'stop', ignoreLastExitCode }: ScriptStepPlan): Shell => ({
  extension: '.ps1',
  wrap: (text) =>
    [
      `$ErrorActionPreference = '${errorActionPreference}'`,
      "$ProgressPreference = 'SilentlyContinue'",
      text,
      ...(ignoreLastExitCode
        ? []
        : ['if (Test-Path -LiteralPath variable:\\LASTEXITCODE) { exit $LASTEXITCODE }']),
    ].join('\n'),
  start: (file) => ({
    command: 'pwsh',
    args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', `. '${file.replace(/'/g, "''")}'`],
  }),
});
