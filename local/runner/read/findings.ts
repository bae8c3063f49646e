import { Problem, Problems } from '../../../shared/problem/index.ts';
import { closest } from '../expressions/index.ts';
import type { Place } from '../plan.ts';

/** After so many problems more of them help nobody. */
const MOST = 50;

/** Collects what is wrong with a pipeline, so that all of it is reported at once. */
export class Findings {
  private readonly all: Problem[] = [];
  private readonly seen = new Set<string>();
  private readonly most: number;

  constructor(most = MOST) {
    this.most = most;
  }

  /** The file says something that is wrong. */
  wrong(place: Place, message: string, next?: string): void {
    this.add(
      new Problem({ code: 'file', message, place: { ...place }, ...(next === undefined ? {} : { next }) }),
    );
  }

  /** The file says something that is right on Azure DevOps but not offered here; `what` starts the sentence. */
  unsupported(place: Place, what: string, next?: string): void {
    const message = `${what} is not supported by the local runner.`;
    this.add(
      new Problem({
        code: 'unsupported',
        message,
        place: { ...place },
        ...(next === undefined ? {} : { next }),
      }),
    );
  }

  /** A word that is none of the known ones; `what` starts the sentence. */
  unknown(place: Place, what: string, word: string, known: readonly string[]): void {
    const near = closest(word, known);
    const all = known.length > 0 ? `Known here: ${known.join(', ')}.` : undefined;
    this.wrong(place, `${what} '${word}' is not known here.`, near ? `Did you mean '${near}'?` : all);
  }

  /** The same thing reached twice (a template used twice) is reported once. */
  add(problem: Problem): void {
    const { file, line, column } = problem.place ?? {};
    const key = `${file}:${line}:${column} ${problem.message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.all.push(problem);
    if (this.all.length >= this.most) this.throwAll();
  }

  /** Does a part of the reading; what it throws as a problem is collected, and undefined is the answer. */
  collect<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.add(error);
      return undefined;
    }
  }

  /** Throws everything found; does nothing when all is well. */
  throwAll(): void {
    const inOrder = this.inOrder();
    if (inOrder.length > 0) throw new Problems(inOrder);
  }

  /** Everything found, file by file and from top to bottom. */
  inOrder(): Problem[] {
    const files = [...new Set(this.all.map((problem) => problem.place?.file))];
    return files.flatMap((file) => this.all.filter((problem) => problem.place?.file === file).sort(byPlace));
  }
}

function byPlace(one: Problem, other: Problem): number {
  const lines = (one.place?.line ?? 0) - (other.place?.line ?? 0);
  return lines !== 0 ? lines : (one.place?.column ?? 0) - (other.place?.column ?? 0);
}
