import { closest } from './closest.ts';
import type { ExpressionContext } from './context.ts';
import { asNumber, asText } from './convert.ts';
import { ExpressionFailure } from './failure.ts';
import { ArgumentFailure, FUNCTIONS, text, type ExpressionFunction } from './functions.ts';
import type { Tree } from './parser.ts';
import { askStatus, STATUS_FUNCTIONS, statusFunction } from './status.ts';
import { isList, isMap, lookUp, type Value } from './value.ts';

type Call = Extract<Tree, { kind: 'call' }>;

/** Works an expression out. */
export function compute(tree: Tree, context: ExpressionContext): Value {
  switch (tree.kind) {
    case 'literal':
      return tree.value;
    case 'name':
      return named(tree.name, context);
    case 'call':
      return callAt(tree, context);
    case 'every':
      return new Filtered(itemsOf(compute(tree.of, context)));
    case 'index':
      return indexed(compute(tree.of, context), compute(tree.index, context));
  }
}

/** A list made by `*`: an index goes to each of its items, and items without it fall out. */
class Filtered extends Array<Value> {
  constructor(items: readonly Value[]) {
    super();
    this.push(...items);
  }

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

function itemsOf(value: Value): readonly Value[] {
  if (value instanceof Filtered) return [...value].flatMap((item) => [...itemsOf(item)]);
  return isList(value) ? value : isMap(value) ? [...value.values()] : [];
}

function indexed(of: Value, index: Value): Value {
  if (of instanceof Filtered)
    return new Filtered([...of].map((item) => at(item, index)).filter((item) => item !== undefined));
  return at(of, index) ?? null;
}

function at(of: Value, index: Value): Value | undefined {
  if (isMap(of)) {
    const name = asText(index);
    return name === undefined ? undefined : (lookUp(of, name) ?? undefined);
  }
  const place = isList(of) ? asNumber(index) : undefined;
  return place === undefined || !isList(of) ? undefined : of[Math.floor(place)];
}

function named(name: string, context: ExpressionContext): Value {
  const key = Object.keys(context.names).find((known) => known.toLowerCase() === name.toLowerCase());
  return key === undefined ? null : context.names[key]!;
}

function callAt(tree: Call, context: ExpressionContext): Value {
  try {
    return call(tree, context);
  } catch (error) {
    if (error instanceof ArgumentFailure)
      throw new ExpressionFailure(`In ${tree.name}: ${error.message}`, tree.offset);
    throw error;
  }
}

function call(tree: Call, context: ExpressionContext): Value {
  const args = tree.args.map((arg) => () => compute(arg, context));
  const name = tree.name.toLowerCase();
  const known = FUNCTIONS.get(name) ?? context.functions?.get(name);
  if (known) return known.call(args);
  const question = statusFunction(tree.name);
  if (question && context.status)
    return askStatus(
      question,
      context.status,
      args.map((arg) => text(arg())),
    );
  if (!context.counter) throw new ExpressionFailure(`${tree.name} cannot be used here.`, tree.offset);
  const [prefix, seed] = [text(args[0]?.() ?? ''), asNumber(args[1]?.() ?? 0)];
  if (seed === undefined) throw new ArgumentFailure('the seed must be a number.');
  return context.counter(prefix, seed);
}

/** What may be named in an expression of this kind. */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly status: boolean;
  readonly counter: boolean;
  readonly functions?: ReadonlyMap<string, ExpressionFunction>;
}

/** Names and functions that do not exist, and wrong numbers of arguments, in the order they stand. */
export function* faultsIn(tree: Tree, words: Vocabulary): Generator<ExpressionFailure> {
  if (tree.kind === 'name') yield* faultsInName(tree.name, tree.offset, words);
  if (tree.kind === 'call') yield* faultsInCall(tree, words);
  if (tree.kind === 'index' || tree.kind === 'every') yield* faultsIn(tree.of, words);
  if (tree.kind === 'index') yield* faultsIn(tree.index, words);
}

function* faultsInName(name: string, offset: number, words: Vocabulary): Generator<ExpressionFailure> {
  if (words.names.some((known) => known.toLowerCase() === name.toLowerCase())) return;
  const hint = hintForName(name, words);
  yield new ExpressionFailure(`'${name}' is not known here.`, offset, hint);
}

/** Names that mean something elsewhere, and what to write here instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  parameters: 'Parameters are known before the run only: write ${{ parameters.name }}.',
  dependencies:
    "Put the output into a variable of the job first: $[ dependencies.<job>.outputs['<step>.<variable>'] ].",
  stagedependencies:
    "Jobs and variables may ask this; a stage's condition asks dependencies.<stage>.outputs['<job>.<step>.<variable>'].",
};

function hintForName(name: string, words: Vocabulary): string {
  const elsewhere = ELSEWHERE[name.toLowerCase()];
  if (elsewhere) return elsewhere;
  const near = closest(name, words.names);
  if (near) return `Did you mean '${near}'?`;
  if (FUNCTIONS.has(name.toLowerCase()) || statusFunction(name))
    return `Write ${name}(...) with brackets: it is a function.`;
  return words.names.length === 0
    ? 'Put text in single quotes.'
    : `Known here: ${words.names.join(', ')}; text stands in single quotes.`;
}

function* faultsInCall(tree: Call, words: Vocabulary): Generator<ExpressionFailure> {
  const fault = faultInFunction(tree, words);
  if (fault) yield fault;
  for (const arg of tree.args) yield* faultsIn(arg, words);
}

function faultInFunction(tree: Call, words: Vocabulary): ExpressionFailure | undefined {
  const known = FUNCTIONS.get(tree.name.toLowerCase()) ?? words.functions?.get(tree.name.toLowerCase());
  if (known) return faultInCount(tree, known);
  if (statusFunction(tree.name)) {
    return words.status
      ? undefined
      : new ExpressionFailure(`${tree.name}() can be used in conditions only.`, tree.offset);
  }
  if (/^counter$/i.test(tree.name)) {
    if (words.counter) return faultInCount(tree, { name: 'counter', least: 0, most: 2 });
    return new ExpressionFailure('counter() can be used only in a variable, inside $[ ].', tree.offset);
  }
  const near = closest(tree.name, [
    ...[...FUNCTIONS.values(), ...(words.functions?.values() ?? [])].map((each) => each.name),
    ...STATUS_FUNCTIONS,
  ]);
  return new ExpressionFailure(
    `There is no function '${tree.name}'.`,
    tree.offset,
    near && `Did you mean '${near}'?`,
  );
}

function faultInCount(
  tree: Call,
  known: Pick<ExpressionFunction, 'name' | 'least' | 'most'>,
): ExpressionFailure | undefined {
  const count = tree.args.length;
  if (count >= known.least && count <= (known.most ?? Infinity)) return undefined;
  const asked =
    known.most === undefined
      ? `at least ${known.least}`
      : known.least === known.most
        ? `${known.least}`
        : `${known.least} to ${known.most}`;
  return new ExpressionFailure(
    `${known.name} takes ${asked} argument${asked.endsWith('1') ? '' : 's'}, not ${count}.`,
    tree.offset,
  );
}
