import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Use } from '../../../shared/azureml/yaml/index.ts';
import type { Outcome, Request } from './outcome.ts';

const PROGRAM = fileURLToPath(new URL('reference/main.py', import.meta.url));

export interface Question {
  readonly file: string;
  readonly use: Use;
  /** Members put in, as `--name x` on the command line does. */
  readonly given: Readonly<Record<string, string>>;
}

interface Answer {
  readonly id: number;
  readonly sent: readonly Request[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** The reference client in a process of its own, asked one file at a time. */
export class Reference {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { give(answer: Answer): void; fail(error: Error): void }>();
  #count = 0;

  constructor(python: string) {
    this.#process = spawn(python, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#process.stdout! }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.id)?.give(answer);
      this.#waiting.delete(answer.id);
    });
    this.#process.on('close', (code) => this.#ended(code));
  }

  /** What the reference client sends for a file, or why it refuses it. */
  async ask(question: Question): Promise<Outcome> {
    const id = ++this.#count;
    const answered = new Promise<Answer>((give, fail) => this.#waiting.set(id, { give, fail }));
    this.#process.stdin!.write(`${JSON.stringify({ id, ...question })}\n`);
    const { sent, error } = await answered;
    return error ? { refused: `${error.type}: ${error.message}` } : { sent };
  }

  close(): void {
    this.#process.stdin!.end();
  }

  #ended(code: number | null): void {
    const error = new Error(`The reference client ended with ${code} while it was asked.`);
    for (const { fail } of this.#waiting.values()) fail(error);
  }
}
