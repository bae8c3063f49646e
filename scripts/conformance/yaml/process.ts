import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

interface Waiting {
  give(answer: unknown): void;
  fail(error: Error): void;
}

/** One of the programs under reference/, which answers each line of JSON with another, in order. */
export class PythonProgram {
  readonly #process: ChildProcess;
  readonly #waiting: Waiting[] = [];

  constructor(python: string, name: string) {
    const program = fileURLToPath(new URL(`reference/${name}`, import.meta.url));
    this.#process = spawn(python, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#process.stdout! }).on('line', (line) =>
      this.#waiting.shift()?.give(JSON.parse(line)),
    );
    this.#process.on('close', (code) => {
      const error = new Error(`${name} ended with ${code} while it was asked.`);
      for (const { fail } of this.#waiting) fail(error);
    });
  }

  ask(question: unknown): Promise<unknown> {
    const answered = new Promise((give, fail) => this.#waiting.push({ give, fail }));
    this.#process.stdin!.write(`${JSON.stringify(question)}\n`);
    return answered;
  }

  close(): void {
    this.#process.stdin!.end();
  }
}
