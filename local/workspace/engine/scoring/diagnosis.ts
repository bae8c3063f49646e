import type { StartFailure } from './replica.ts';

/** Why a container did not get ready: the code Azure gives Kubernetes deployments, and a sentence with the cause. */
export interface Diagnosis {
  readonly code:
    | 'UserScriptInitFailed'
    | 'UserScriptImportError'
    | 'UserScriptFunctionNotFound'
    | 'DeploymentCrashLoopBackOff'
    | 'ScoringFeUnhealthy'
    | 'PodOutOfMemory';
  readonly message: string;
}

const KILLED = 128 + 9;

/** Reads the end of a container's log the way a person would. */
export function diagnose(failure: StartFailure, log: string): Diagnosis {
  if (failure.kind === 'not-ready') return notReady(failure.waitedInMs, log);
  if (failure.kind === 'cannot-start') {
    return {
      code: 'DeploymentCrashLoopBackOff',
      message: `The container cannot be started: ${String(failure.cause)}`,
    };
  }
  const text = lastStart(log);
  const cause = exceptionIn(text);
  if (text.includes("User's init function failed")) {
    return { code: 'UserScriptInitFailed', message: `init() of the scoring script failed: ${cause}` };
  }
  const missing = /does not have a (init|run)\(\) function/.exec(text)?.[1];
  if (missing)
    return {
      code: 'UserScriptFunctionNotFound',
      message: `The scoring script has no function ${missing}().`,
    };
  if (/UserScriptImportException|Failed to import user script/.test(text)) {
    return { code: 'UserScriptImportError', message: `The scoring script cannot be imported: ${cause}` };
  }
  if (failure.exitCode === KILLED) {
    return {
      code: 'PodOutOfMemory',
      message: 'The process was killed, which the system does when memory runs out.',
    };
  }
  const reason = cause === '' ? lastLine(text) : cause;
  return {
    code: 'DeploymentCrashLoopBackOff',
    message: `The process ended with exit code ${failure.exitCode}: ${reason}`,
  };
}

function notReady(waitedInMs: number, log: string): Diagnosis {
  const waited = `The readiness probe did not succeed within ${Math.round(waitedInMs / 1000)} seconds.`;
  return { code: 'ScoringFeUnhealthy', message: `${waited} Last line of the log: ${lastLine(log)}` };
}

/** What was logged since the server last started. */
function lastStart(log: string): string {
  const start = log.lastIndexOf('Azure ML Inferencing HTTP server');
  return start < 0 ? log : log.slice(start);
}

/** The line of the first traceback that names the exception; the server wraps it in exceptions of its own. */
function exceptionIn(text: string): string {
  const start = text.indexOf('Traceback (most recent call last):');
  if (start < 0) return '';
  const lines = text.slice(start).split('\n').slice(1);
  // Frames are indented; the first line that is not names the exception.
  return lines.find((line) => /^\S/.test(line))?.trim() ?? '';
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
