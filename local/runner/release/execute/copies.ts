import { Problem } from '../../../../shared/problem/index.ts';
import type { EvaluatedVariable } from '../../execute/variables.ts';
import type { PhasePlan } from '../plan.ts';

/** One of a job's copies, or the only one. */
export interface PhaseCopy {
  readonly refName: string;
  readonly displayName: string;
  /** The stage's variables, and what this copy has of its own. */
  readonly own: readonly EvaluatedVariable[];
}

/** The copies of a job: every combination of what its variables list, or just so many. */
export function copiesOf(phase: PhasePlan, own: readonly EvaluatedVariable[]): PhaseCopy[] {
  const { refName, name, copies } = phase;
  if (!copies) return [{ refName, displayName: name, own }];
  const configurations =
    copies.multipliers.length === 0
      ? Array.from({ length: copies.most }, () => [])
      : combinations(copies.multipliers.map((variable) => valuesOf(variable, own, phase)));
  return configurations.map((values, index) => ({
    refName: `${refName}_${index + 1}`,
    displayName: `${name} ${values.map(({ value }) => value).join(', ') || index + 1}`,
    own: [
      ...own,
      ...values,
      variable('System.JobPositionInPhase', String(index + 1)),
      variable('System.TotalJobsInPhase', String(configurations.length)),
    ],
  }));
}

/** A variable that multiplies lists its values with commas. */
function valuesOf(
  name: string,
  own: readonly EvaluatedVariable[],
  { place, ...phase }: PhasePlan,
): EvaluatedVariable[] {
  const found = own.findLast((one) => one.name.toLowerCase() === name.toLowerCase());
  const values = (found?.value ?? '').split(',').map((value) => value.trim());
  const given = values.filter((value) => value !== '');
  if (given.length > 0) return given.map((value) => variable(found?.name ?? name, value));
  throw new Problem({
    code: 'input',
    message: `The job '${phase.name}' runs once for each value of the variable '${name}', which has none.`,
    next: `Give it values: --variable ${name}=<one,other>.`,
    place,
  });
}

function variable(name: string, value: string): EvaluatedVariable {
  return { name, value, isSecret: false, isReadOnly: false };
}

function combinations(lists: readonly (readonly EvaluatedVariable[])[]): EvaluatedVariable[][] {
  return lists.reduce<EvaluatedVariable[][]>(
    (all, list) => all.flatMap((before) => list.map((one) => [...before, one])),
    [[]],
  );
}
