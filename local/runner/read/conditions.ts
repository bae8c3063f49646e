import { faultsInExpression, runtimeExpression, type Vocabulary } from '../expressions/index.ts';
import type { Text } from '../plan.ts';
import type { Desk, Fields } from './fields.ts';

/** Where a run-time expression stands decides what it may name. */
export type Level = 'pipeline' | 'stage' | 'job' | 'step';

const NAMES: Readonly<Record<Level, readonly string[]>> = {
  pipeline: ['variables', 'pipeline'],
  stage: ['variables', 'pipeline', 'dependencies'],
  job: ['variables', 'pipeline', 'dependencies', 'stageDependencies'],
  step: ['variables', 'pipeline'],
};

/** The `condition` of a stage, job or step; what is wrong with it is found now, not when it is reached. */
export function readCondition(desk: Desk, fields: Fields, level: Level): Text | undefined {
  const condition = fields.text('condition');
  if (condition?.text.trim())
    check(desk, condition, condition.text, { names: NAMES[level], status: true, counter: false });
  return condition;
}

/** Checks the value of a variable when it is `$[ ]`. */
export function checkVariable(desk: Desk, value: Text, level: Level): void {
  const expression = runtimeExpression(value.text);
  if (expression === undefined) return;
  // A stage's variables may look into the jobs of earlier stages, other than its condition.
  const names = level === 'stage' ? NAMES.job : NAMES[level];
  const inner = { ...value.place, column: value.place.column + value.text.indexOf('[') + 1 };
  check(desk, { text: value.text, place: inner }, expression, { names, status: false, counter: true });
}

function check(desk: Desk, at: Text, expression: string, words: Vocabulary): void {
  for (const problem of faultsInExpression(expression, words, at.place)) desk.findings.add(problem);
}
