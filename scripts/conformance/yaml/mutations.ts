import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Example } from './documents.ts';
import { mutate } from './mutate.ts';
import { compileOurs } from './ours.ts';
import { isRefused, type Outcome } from './outcome.ts';
import { Random } from './random.ts';
import type { Reference } from './reference.ts';
import { compare, firstLine } from './verdict.ts';

const SLOW_IN_MS = 5000;

export interface Mutation {
  readonly example: Example;
  readonly text: string;
  readonly reference: Outcome;
  readonly ours: Outcome;
  /** Something that is no refusal: a defect of ours. */
  readonly crash?: string;
}

export interface MutationOptions {
  readonly count: number;
  readonly seed: number;
}

/** Changes the examples at random and asks both sides about each; answers with what they did. */
export async function tryMutations(
  examples: readonly Example[],
  reference: Reference,
  { count, seed }: MutationOptions,
): Promise<Mutation[]> {
  const random = new Random(seed);
  const tried: Mutation[] = [];
  for (let index = 0; index < count; index += 1) {
    const example = random.pick(examples);
    if (!example) break;
    const text = mutate(readFileSync(example.file, 'utf8'), random);
    tried.push(await tryOne(example, text, reference));
  }
  return tried;
}

/** The changed text stands beside the file it comes from, so that what it names is found. */
async function tryOne(example: Example, text: string, reference: Reference): Promise<Mutation> {
  const file = path.join(path.dirname(example.file), 'mutated.yml');
  writeFileSync(file, text);
  try {
    const question = { ...example, file };
    const theirs = await reference.ask(question);
    const started = performance.now();
    const ours = await compileOurs(question).catch((error: unknown) => ({
      crash: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }));
    const tookInMs = performance.now() - started;
    if ('crash' in ours) return { example, text, reference: theirs, ours: NOTHING, crash: ours.crash };
    const crash = tookInMs > SLOW_IN_MS ? { crash: `took ${Math.round(tookInMs)} ms` } : {};
    return { example, text, reference: theirs, ours: ours.outcome, ...crash };
  } finally {
    rmSync(file, { force: true });
  }
}

const NOTHING: Outcome = { refused: '' };

/** What the two sides disagree about, and whatever of ours is no refusal. */
export function mutationLines(tried: readonly Mutation[], { verbose }: { verbose: boolean }): string[] {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  for (const mutation of tried) {
    const found = judged(mutation);
    counts.set(found.what, (counts.get(found.what) ?? 0) + 1);
    if (found.why.length === 0) continue;
    lines.push(`${found.what}: ${mutation.example.name}`, ...found.why.map((why) => `    ${why}`));
    if (verbose) lines.push(mutation.text.replace(/^/gm, '    | '));
  }
  return [...lines, '', ...[...counts].map(([what, count]) => `${String(count).padStart(6)}  ${what}`)];
}

function judged({ reference, ours, crash }: Mutation): { what: string; why: string[] } {
  if (crash !== undefined) return { what: 'OURS FAILS', why: [crash] };
  if (isRefused(reference) && isRefused(ours)) return { what: 'both refuse', why: [] };
  const { differences } = compare(reference, ours);
  if (isRefused(ours)) return { what: 'only ours refuses', why: [firstLine(ours.refused)] };
  if (isRefused(reference))
    return { what: 'only the reference refuses', why: [firstLine(reference.refused)] };
  if (differences.length === 0) return { what: 'both send the same', why: [] };
  return {
    what: 'both send something, but not the same',
    why: differences.slice(0, 3).map((one) => JSON.stringify(one)),
  };
}
