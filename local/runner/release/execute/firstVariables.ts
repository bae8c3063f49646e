import type { ReleaseVariable } from '../../../devops/index.ts';
import type { RunRecord } from '../../record/model.ts';
import type { ReleasePlan, ReleaseStagePlan, ScopedVariables } from '../plan.ts';
import type { LiveVariables } from '../state.ts';

/** Variables set at the making of a release win; a secret of the definition stays one. */
export function live(scope: ScopedVariables, given: Readonly<Record<string, string>> = {}): LiveVariables {
  const all = new Map<string, ReleaseVariable>(
    [...scope].map(([name, { value, isSecret, allowOverride }]) => [
      name,
      { value: value ?? '', isSecret, allowOverride },
    ]),
  );
  for (const [name, value] of Object.entries(given)) {
    const known = [...all].find(([one]) => one.toLowerCase() === name.toLowerCase());
    all.set(known?.[0] ?? name, { isSecret: false, allowOverride: false, ...known?.[1], value });
  }
  return all;
}

/** A stage's secret without a value takes the one that is given by its name. */
export function ofStage(
  { variables }: ReleaseStagePlan,
  given: Readonly<Record<string, string>> = {},
): LiveVariables {
  const open = [...variables]
    .filter(([, { value }]) => value === undefined)
    .map(([name]) => name.toLowerCase());
  const meant = Object.entries(given).filter(([name]) => open.includes(name.toLowerCase()));
  return live(variables, Object.fromEntries(meant));
}

/** What is to be said of secrets that nobody gave: an export leaves them out. */
export function withoutValue(
  { variables, stages }: ReleasePlan,
  given: Readonly<Record<string, string>> = {},
): RunRecord['issues'][number][] {
  const known = Object.keys(given).map((name) => name.toLowerCase());
  const scopes = [{ of: '', variables }, ...stages.map((one) => ({ of: one.name, ...one }))];
  return scopes.flatMap(({ of, variables: own }) =>
    [...own]
      .filter(([name, { value }]) => value === undefined && !known.includes(name.toLowerCase()))
      .map(([name]) => ({
        type: 'warning',
        message: `The secret '${name}'${of && ` of the stage '${of}'`} has no value, as an export leaves it out. Give it: --variable ${name}=<value>.`,
      })),
  );
}
