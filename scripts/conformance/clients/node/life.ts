import { tell, type Verdict } from '../step.ts';

const NO_OPERATION = 'The embedded workspace has no operation';

interface Expected {
  /** Why the workspace refuses it on purpose. */
  readonly refused?: string;
}

/** One client's life; a step that fails never ends it. */
export class Life {
  readonly #client: string;
  readonly #tried = new Map<string, Map<string, Verdict>>();

  constructor(client: string) {
    this.#client = client;
  }

  async step<T>(
    group: string,
    operation: string,
    action: () => Promise<T>,
    { refused }: Expected = {},
  ): Promise<T | undefined> {
    const started = performance.now();
    try {
      const value = await action();
      if (refused === undefined) this.#tell(group, operation, 'works', '', started);
      else this.#tell(group, operation, 'broken', `should have been refused: ${refused}`, started);
      return value;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text.includes(NO_OPERATION)) this.#tell(group, operation, 'missing', '', started);
      else if (refused !== undefined) this.#tell(group, operation, 'refused', refused, started);
      else this.#tell(group, operation, 'broken', text.slice(0, 400), started);
      return undefined;
    }
  }

  /** Names the operations of a group that no step has tried. */
  rest(group: string, operations: readonly string[]): void {
    const tried = this.#tried.get(group) ?? new Map<string, Verdict>();
    const [first, ...more] = new Set(tried.values());
    const isWhole = more.length === 0 && (first === 'missing' || first === 'refused');
    const known = new Set([...tried.keys()].map((operation) => operation.split(' ')[0]));
    for (const operation of operations.filter((name) => !known.has(name)))
      this.#tell(
        group,
        operation,
        isWhole ? first : 'untried',
        isWhole ? 'like its group' : '',
        performance.now(),
      );
  }

  #tell(group: string, operation: string, verdict: Verdict, note: string, started: number): void {
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    this.#tried.set(group, (this.#tried.get(group) ?? new Map<string, Verdict>()).set(operation, verdict));
    tell({
      client: this.#client,
      group,
      operation,
      verdict,
      note: note.replaceAll(/\s+/g, ' ').trim(),
      seconds,
    });
  }
}

/** Every item of a paged list. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
