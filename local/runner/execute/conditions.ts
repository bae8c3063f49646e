import { Problems, wordsFor } from '../../../shared/problem/index.ts';
import type { TaskResult } from '../agent/results.ts';
import { evaluateCondition, type Value } from '../expressions/index.ts';
import type { Text } from '../plan.ts';
import type { IssueRecord } from '../record/model.ts';

interface Question {
  readonly condition: Text | undefined;
  readonly names: Readonly<Record<string, Value>>;
  /** How everything before ended, by name. */
  readonly results: ReadonlyMap<string, TaskResult>;
  readonly canceled: boolean;
}

/** Whether a stage or job shall run. */
export function shallRun({ condition, names, results, canceled }: Question): boolean {
  return evaluateCondition(condition, { names, status: { of: 'dependencies', results, canceled } });
}

/** What went wrong, as issues of the record that stands for it. */
export function issuesOf(error: unknown): IssueRecord[] {
  const all = error instanceof Problems ? error.all : [error];
  return all.map((one) => ({ type: 'error', message: wordsFor(one).join(' ') }));
}
