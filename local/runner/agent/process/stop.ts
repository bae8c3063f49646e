import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock } from '../clock.ts';

/** How long the agent waits after SIGINT and after SIGTERM (PROCESS_SIGINT_TIMEOUT, PROCESS_SIGTERM_TIMEOUT). */
const INTERRUPT_GRACE_IN_MS = 7_500;
const TERMINATE_GRACE_IN_MS = 2_500;

interface Stopping {
  readonly cancel: AbortSignal;
  readonly kill: AbortSignal;
  readonly clock: Clock;
}

/** On `cancel`: SIGINT, then SIGTERM, then SIGKILL, to the process alone and not its children. On `kill`: at once. */
export function stopGracefully(child: ChildProcess, { cancel, kill, clock }: Stopping): { dispose(): void } {
  const gone = new AbortController();
  const escalate = async (): Promise<void> => {
    signal(child, 'SIGINT');
    await clock.sleep(INTERRUPT_GRACE_IN_MS, gone.signal);
    if (gone.signal.aborted) return;
    signal(child, 'SIGTERM');
    await clock.sleep(TERMINATE_GRACE_IN_MS, gone.signal);
    if (!gone.signal.aborted) signal(child, 'SIGKILL');
  };
  const onCancel = (): void => void escalate();
  const onKill = (): void => signal(child, 'SIGKILL');
  listen(cancel, onCancel);
  listen(kill, onKill);
  child.once('exit', () => gone.abort());
  return {
    dispose() {
      gone.abort();
      cancel.removeEventListener('abort', onCancel);
      kill.removeEventListener('abort', onKill);
    },
  };
}

function listen(abort: AbortSignal, act: () => void): void {
  if (abort.aborted) act();
  else abort.addEventListener('abort', act, { once: true });
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  if (process.platform !== 'win32') child.kill(name);
  // Windows has no signals: the tree is ended in one go.
  else spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
}
