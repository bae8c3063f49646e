import type { Use } from '../../../shared/azureml/yaml/index.ts';
import type { Outcome, Request } from './outcome.ts';
import { PythonProgram } from './process.ts';

export interface Question {
  /** Absolute. */
  readonly file: string;
  readonly use: Use;
  /** Members put in, as `--name x` on the command line does. */
  readonly given: Readonly<Record<string, string>>;
}

interface Answer {
  readonly sent: readonly Request[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** The reference client in a process of its own. */
export class Reference {
  readonly #program: PythonProgram;

  constructor(python: string) {
    this.#program = new PythonProgram(python, 'main.py');
  }

  /** What the reference client sends for a file, or why it refuses it. */
  async ask({ file, use, given }: Question): Promise<Outcome> {
    const { sent, error } = (await this.#program.ask({ file, use, given })) as Answer;
    return error ? { refused: `${error.type}: ${error.message}` } : { sent };
  }

  close(): void {
    this.#program.close();
  }
}
