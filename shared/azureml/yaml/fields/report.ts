import { Problem, Problems } from '../../../problem/index.ts';
import type { Scope } from './scope.ts';

/** Does something that throws Problems and adds them to the findings, so that the rest of the file is still read. */
export function reportFrom<T>(scope: Scope, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Problems) scope.settings.findings.problems.push(...error.all);
    else if (error instanceof Problem) scope.settings.findings.problems.push(error);
    else throw error;
    return undefined;
  }
}
