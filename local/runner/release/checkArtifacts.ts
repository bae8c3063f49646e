import { Problem } from '../../../shared/problem/index.ts';
import type { ServerStepPlan, StepPlan, Text } from '../plan.ts';
import type { ReleasePlan } from './plan.ts';

/** An alias may hold points, and what is asked of an artifact does not. */
const ARTIFACT = /\$\(Release\.Artifacts\.(.+?)\.\w+\)/gi;

/** Variables of artifacts that the release does not have: the service would leave them as they are written. */
export function artifactProblems(step: StepPlan | ServerStepPlan, { artifacts }: ReleasePlan): Problem[] {
  if (!step.enabled) return [];
  const known = artifacts.map(({ alias }) => alias.toLowerCase());
  return textsOf(step).flatMap(({ text, place }) => {
    const named = [...text.matchAll(ARTIFACT)].map(([, alias = '']) => alias);
    const missing = new Set(named.filter((alias) => !known.includes(alias.toLowerCase())));
    return [...missing].map((alias) => {
      const message = `The release has no artifact '${alias}'.`;
      const all = artifacts.map((one) => one.alias);
      const next = all.length > 0 ? `It has '${all.join("', '")}'.` : 'Link the artifact to the definition.';
      return new Problem({ code: 'input', message, next, place });
    });
  });
}

function textsOf(step: StepPlan | ServerStepPlan): Text[] {
  switch (step.kind) {
    case 'task':
      return [...step.inputs.values(), ...step.env.values()];
    case 'script':
      return [step.script, ...step.env.values()];
    default:
      return [];
  }
}
