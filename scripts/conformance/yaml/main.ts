import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { minimatch } from 'minimatch';
import { readArguments, type Arguments } from './arguments.ts';
import { BodyCheck } from './bodies.ts';
import { compareValues } from './compareValues.ts';
import { DEFECT } from './cause.ts';
import { sortOut, type Example, type Sorted } from './documents.ts';
import { referencePython } from './environment.ts';
import { mutationLines, tryMutations, type MutationOptions } from './mutations.ts';
import { compileOurs, type OurOutcome } from './ours.ts';
import { Reference } from './reference.ts';
import { showSides } from './show.ts';
import { copyWithStandIns } from './standIns.ts';
import { agreeingShare, detailOf, tableOf, WANTED_SHARE } from './table.ts';
import { compare, type Verdict } from './verdict.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(given: Arguments): Promise<void> {
  const python = referencePython();
  if (given.values !== undefined)
    return reportValues(await compareValues(python, { ...given, count: given.values }));
  const reference = new Reference(python);
  const copy = mkdtempSync(path.join(os.tmpdir(), 'yaml-conformance-'));
  try {
    const sorted = copyWithStandIns(given.folder, copy).map((file) => sortOut(file, copy));
    const examples = chosen(sorted, given);
    if (given.show) await showAll(examples, reference);
    else if (given.mutations !== undefined)
      await mutateAll(examples, reference, { ...given, count: given.mutations });
    else await judgeAll(examples, reference, sorted);
  } finally {
    reference.close();
    rmSync(copy, { recursive: true, force: true });
  }
}

function reportValues(differing: readonly string[]): void {
  for (const line of differing) say(line);
  say(`${differing.length} texts are read differently.`);
  if (differing.length > 0) process.exitCode = 1;
}

async function mutateAll(
  examples: readonly Example[],
  reference: Reference,
  options: MutationOptions & { verbose: boolean },
): Promise<void> {
  const tried = await tryMutations(examples, reference, options);
  for (const line of mutationLines(tried, options)) say(line);
  if (tried.some(({ crash }) => crash !== undefined)) process.exitCode = 1;
}

function chosen(sorted: readonly Sorted[], { only, kind, show }: Arguments): Example[] {
  const examples = sorted.flatMap((one) => (one.what === 'document' ? [one.example] : []));
  return examples.filter(
    ({ name, kind: own }) =>
      (only === undefined || minimatch(name, only, { dot: true })) &&
      (kind === undefined || own.toLowerCase() === kind.toLowerCase()) &&
      (show === undefined || name === path.normalize(show) || name.endsWith(show)),
  );
}

async function judge(
  examples: readonly Example[],
  reference: Reference,
  check: BodyCheck,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const example of examples) {
    const [theirs, ours] = await Promise.all([reference.ask(example), compileOurs(example).catch(defect)]);
    const { compilation, outcome } = ours;
    const schemaProblems = compilation ? check.problems(compilation, outcome) : [];
    verdicts.push({ example, ...compare(theirs, outcome), schemaProblems });
  }
  return verdicts;
}

function defect(error: unknown): OurOutcome {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { outcome: { refused: DEFECT + text } };
}

async function showAll(examples: readonly Example[], reference: Reference): Promise<void> {
  if (examples.length === 0) say('There is no such v2 document in the folder.');
  for (const example of examples) {
    const ours = await compileOurs(example);
    say(showSides(example, await reference.ask(example), ours.outcome));
  }
}

async function judgeAll(
  examples: readonly Example[],
  reference: Reference,
  sorted: readonly Sorted[],
): Promise<void> {
  const check = new BodyCheck();
  report(await judge(examples, reference, check), sorted);
  for (const [apiVersion, count] of check.unchecked)
    say(`${count} resources go with ${apiVersion}, whose schema is not at hand.`);
}

function report(verdicts: readonly Verdict[], sorted: readonly Sorted[]): void {
  for (const verdict of verdicts) for (const line of detailOf(verdict)) say(line);
  const apart = sorted.flatMap((one) => (one.what === 'apart' ? [one] : []));
  for (const { name, why } of apart) say(`not compared: ${name} (${why})`);
  const others = sorted.filter(({ what }) => what === 'other').length;
  say('');
  say(tableOf(verdicts));
  say(`${apart.length} documents are not compared; ${others} YAML files are no v2 documents.`);
  const invalid = verdicts.some(({ schemaProblems }) => schemaProblems.length > 0);
  if (agreeingShare(verdicts) < WANTED_SHARE || invalid) process.exitCode = 1;
}

await main(readArguments());
