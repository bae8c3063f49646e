import { mergeResults, type TaskResult } from '../agent/results.ts';
import type { Value, ValueMap } from '../expressions/index.ts';
import type { StagePlan } from '../plan.ts';

export interface OutputValue {
  readonly value: string;
  readonly isSecret: boolean;
}

/** How a job ended and what it set for others, by `step.variable` as expressions name it. */
export interface JobEnd {
  readonly result: TaskResult;
  readonly outputs: ReadonlyMap<string, OutputValue>;
}

/** How a stage ended, with its jobs by name. */
export interface StageEnd {
  readonly result: TaskResult;
  readonly jobs: ReadonlyMap<string, JobEnd>;
}

/** Several copies of a job are one job to those who depend on it. */
export function mergeEnds(a: JobEnd | undefined, b: JobEnd): JobEnd {
  if (!a) return b;
  return { result: worst([a.result, b.result]), outputs: new Map([...a.outputs, ...b.outputs]) };
}

/** What a whole comes to by its parts: skipped only when every part was, and canceled before it counts as failed. */
export function worst(results: readonly TaskResult[]): TaskResult {
  const ran = results.filter((result) => result !== 'Skipped');
  if (ran.length === 0) return results.length === 0 ? 'Succeeded' : 'Skipped';
  if (ran.includes('Canceled')) return 'Canceled';
  return ran.reduce<TaskResult>(
    (merged, result) => mergeResults(merged, result === 'Abandoned' ? 'Failed' : result),
    'Succeeded',
  );
}

/** `dependencies` of a job: its result and outputs by `step.variable`. */
export function jobDependencies(names: readonly string[], ends: ReadonlyMap<string, JobEnd>): ValueMap {
  return new Map(names.flatMap((name) => entryOf(name, ends.get(name), jobValue)));
}

/** `dependencies` of a stage: results, and outputs by `job.step.variable`. */
export function stageDependencies(names: readonly string[], ends: ReadonlyMap<string, StageEnd>): ValueMap {
  return new Map(names.flatMap((name) => entryOf(name, ends.get(name), stageValue)));
}

/** `stageDependencies`: stage, job, then result and outputs, for the stages a stage names in `dependsOn`. */
export function jobsOfStages(stage: StagePlan, ends: ReadonlyMap<string, StageEnd>): ValueMap {
  const jobsOf = (end: StageEnd): Value => new Map([...end.jobs].map(([name, job]) => [name, jobValue(job)]));
  return new Map(stage.dependsOn.flatMap((name) => entryOf(name, ends.get(name), jobsOf)));
}

function entryOf<T>(name: string, end: T | undefined, toValue: (end: T) => Value): [string, Value][] {
  return end === undefined ? [] : [[name, toValue(end)]];
}

function jobValue(end: JobEnd): Value {
  const outputs = new Map<string, Value>([...end.outputs].map(([name, { value }]) => [name, value]));
  return new Map<string, Value>([
    ['result', end.result],
    ['outputs', outputs],
  ]);
}

function stageValue(end: StageEnd): Value {
  const outputs = [...end.jobs].flatMap(([job, { outputs: own }]) =>
    [...own].map(([name, { value }]): [string, Value] => [`${job}.${name}`, value]),
  );
  return new Map<string, Value>([
    ['result', end.result],
    ['outputs', new Map(outputs)],
  ]);
}

/** Values that must stay hidden wherever an expression carries them. */
export function secretsIn(ends: Iterable<StageEnd>): string[] {
  const outputs = [...ends].flatMap((stage) =>
    [...stage.jobs.values()].flatMap((job) => [...job.outputs.values()]),
  );
  return outputs.filter((one) => one.isSecret && one.value !== '').map((one) => one.value);
}
