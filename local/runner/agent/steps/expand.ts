import { expandMacros } from '../variables/macros.ts';
import type { StepHost } from './step.ts';

/** Resolves `$(name)` in what a step gives: from the job's variables, and what is left from the agent's environment. */
export function expand(text: string, host: StepHost): string {
  const known = expandMacros(text, (name) => host.state.variables.get(name));
  return expandMacros(known, (name) => host.environment[name]);
}
