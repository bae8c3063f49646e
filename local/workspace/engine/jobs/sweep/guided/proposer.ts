import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Problem } from '../../../../../../shared/problem/index.ts';
import { SCRIPT } from './script.ts';

const MOST_ERROR_TEXT = 2000;

/** A Python process that proposes one point after the other, and is told what they gave. */
export interface Proposer {
  /** Numbers, one for each parameter. */
  ask(trial: number): Promise<readonly number[]>;
  tell(trial: number, value: number | undefined): void;
  close(): void;
}

interface Pending {
  resolve(numbers: readonly number[]): void;
  reject(error: Error): void;
}

/** Starts the process; `order` is what it reads first. */
export function startProposer(python: string, order: object): Proposer {
  const child = spawn(python, ['-c', SCRIPT, JSON.stringify(order)], { stdio: 'pipe' });
  const pending: Pending[] = [];
  let failed: Problem | undefined;
  readAnswers(child, pending);
  whenOver(child, (why) => {
    failed = over(why);
    for (const { reject } of pending.splice(0)) reject(failed);
  });
  // A process that has ended says so by its end.
  child.stdin.on('error', () => undefined);
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  return {
    ask: (trial) =>
      new Promise((resolve, reject) => {
        if (failed) return reject(failed);
        pending.push({ resolve, reject });
        return send({ ask: trial });
      }),
    tell: (trial, value) => void send({ tell: trial, value: value ?? null }),
    close: () => void child.kill('SIGKILL'),
  };
}

/** Answers come in the order of the questions. */
function readAnswers(child: ChildProcessWithoutNullStreams, pending: Pending[]): void {
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer: unknown = JSON.parse(line);
    const numbers = Array.isArray(answer) ? answer.map(Number) : [];
    pending.shift()?.resolve(numbers);
  });
}

function whenOver(child: ChildProcessWithoutNullStreams, then: (why: string) => void): void {
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk.toString()}`.slice(-MOST_ERROR_TEXT);
  });
  child.once('error', (error) => then(error.message));
  child.once('close', () => then(errors.trim().split('\n').at(-1) ?? ''));
}

function over(why: string): Problem {
  const reason = why === '' ? 'it said nothing' : why;
  return new Problem({ code: 'internal', message: `The process that proposes trials ended: ${reason}.` });
}
