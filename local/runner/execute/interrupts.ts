import type { Interrupts } from './options.ts';

/** Ctrl+C cancels the run as the Cancel button would; a second one kills what still runs. */
export function listenForInterrupts(host: NodeJS.Process = process): Interrupts & { dispose(): void } {
  const cancel = new AbortController();
  const kill = new AbortController();
  const onSignal = (): void => (cancel.signal.aborted ? kill.abort() : cancel.abort());
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) host.on(name, onSignal);
  return {
    cancel: cancel.signal,
    kill: kill.signal,
    dispose() {
      for (const name of signals) host.off(name, onSignal);
    },
  };
}
