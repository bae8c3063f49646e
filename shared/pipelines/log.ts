import * as tl from 'azure-pipelines-task-lib/task.js';
import { redact } from '../problem/index.ts';

const TERMINAL_SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Makes text from outside harmless in a pipeline log: the agent reads `##vso[` and `##[` anywhere in a line,
 * so the marks are parted by a zero-width space; colours and control characters that could rewrite the screen go first.
 */
export function neutralise(text: string): string {
  return text
    .replace(TERMINAL_SEQUENCES, '')
    .replace(CONTROL_CHARACTERS, '')
    .replace(/##(?=vso|\[)/gi, '##\u200b');
}

/** Where a task speaks to its reader. Everything printed is neutralised and redacted. */
export interface TaskLog {
  info(line: string): void;
  warning(line: string): void;
  debug(line: string): void;
  /** A folded group in the log. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** 0 to 100, with the current activity; the agent never lets it go down. */
  progress(percent: number, activity: string): void;
}

export function createTaskLog(
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): TaskLog {
  const clean = (line: string): string => redact(neutralise(line));
  return {
    info: (line) => clean(line).split('\n').forEach(write),
    warning: (line) => tl.warning(clean(line)),
    debug: (line) => tl.debug(clean(line)),
    async group(title, work) {
      write(`##[group]${clean(title)}`);
      try {
        return await work();
      } finally {
        write('##[endgroup]');
      }
    },
    progress: (percent, activity) => tl.setProgress(Math.round(percent), clean(activity)),
  };
}
