import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** A terminal hands over what was typed ahead only once it is read. */
const HANDOVER_IN_MS = 150;

/** Answers, line by line. */
export interface LineReader {
  /** undefined when the input has ended, or the signal aborts first. */
  next(signal: AbortSignal): Promise<string | undefined>;
  /** Drops what was typed so far: an answer counts only after its question. */
  forget(): Promise<void>;
  close(): void;
}

/** The terminal keeps its own line editing and its Ctrl+C, which reaches this program as a signal. */
export function createLineReader(input: Readable): LineReader {
  const lines: string[] = [];
  let ended = false;
  let wake: () => void = () => undefined;
  const reader = createInterface({ input, terminal: false });
  reader.on('line', (line) => {
    lines.push(line);
    wake();
  });
  reader.on('close', () => {
    ended = true;
    wake();
  });
  return {
    async next(signal) {
      while (lines.length === 0 && !ended && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      return signal.aborted ? undefined : lines.shift();
    },
    async forget() {
      await delay(HANDOVER_IN_MS);
      lines.length = 0;
    },
    close: () => reader.close(),
  };
}
