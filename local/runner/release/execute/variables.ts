import { expandMacros } from '../../agent/variables/macros.ts';
import type { EvaluatedVariable } from '../../execute/variables.ts';
import type { Value } from '../../expressions/index.ts';
import type { ReleaseStagePlan } from '../plan.ts';
import { mergeVariables, type ReleaseContext } from './context.ts';
import { releaseVariables, type ReleaseFacts } from './predefined.ts';
import type { StageRecord } from '../../record/model.ts';

/** The variables a deployment starts with: the stage's own over the release's, as they are at this moment. */
export function snapshot(stage: ReleaseStagePlan, { state }: ReleaseContext): EvaluatedVariable[] {
  const merged = mergeVariables(state.variables, state.stageVariables.get(stage.name));
  return [...merged.values()].map(({ name, value, isSecret }) => ({
    ...{ name, value, isSecret },
    isReadOnly: false,
  }));
}

export function factsFor(
  stage: ReleaseStagePlan,
  stageRecord: StageRecord,
  { recorder, plan, state, projectId, devops }: ReleaseContext,
): ReleaseFacts {
  const { collectionUri } = devops;
  return {
    run: recorder.run,
    plan,
    artifacts: state.artifacts,
    stage,
    stageRecord,
    projectId,
    collectionUri,
  };
}

/** Looks a name up in predefined variables first, then in a snapshot, values expanded as far as they go. */
export function lookupIn(
  own: readonly EvaluatedVariable[],
  facts: ReleaseFacts,
): (name: string) => string | undefined {
  const fixed = Object.entries(releaseVariables(facts)).map(([name, value]) => ({ name, value }));
  const all = new Map([...own, ...fixed].map(({ name, value }) => [name.toLowerCase(), value]));
  const find = (name: string, depth = 0): string | undefined => {
    const value = all.get(name.toLowerCase());
    return value === undefined || depth > 50 ? value : expandMacros(value, (inner) => find(inner, depth + 1));
  };
  return (name) => find(name);
}

/** `variables` as a job's condition sees it. */
export function conditionVariables(own: readonly EvaluatedVariable[], facts: ReleaseFacts): Value {
  const lookup = lookupIn(own, facts);
  const names = [...own.map(({ name }) => name), ...Object.keys(releaseVariables(facts))];
  return new Map<string, Value>(names.map((name) => [name, lookup(name) ?? '']));
}
