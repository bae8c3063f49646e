import type { FieldChange } from '../../rollout/diff.ts';
import type { Plan } from '../../rollout/plan.ts';
import { wordsOfTraffic, type Traffic } from '../../rollout/traffic.ts';

/** A plan for the log: what changes field by field, and how the traffic moves. */
export function linesOfPlan({ endpoint, deployment, before, steps, deletes, planHash }: Plan): string[] {
  const isCompared = deployment.comparedWith !== undefined && deployment.fields.length > 0;
  return [
    `Endpoint ${endpoint.name}: ${endpoint.change}`,
    ...endpoint.fields.map(lineOfField),
    `Deployment ${deployment.name}: ${deployment.change}${isCompared ? `, compared with ${deployment.comparedWith}` : ''}`,
    ...deployment.fields.map(lineOfField),
    `Traffic now: ${wordsOfTraffic(before.live)}${mirrorWords(before.mirror)}`,
    ...steps.map(
      ({ live, mirror }, index) => `    step ${index + 1}: ${wordsOfTraffic(live)}${mirrorWords(mirror)}`,
    ),
    ...(deletes.length > 0 ? [`Deleted at the end: ${deletes.join(', ')}`] : []),
    `Plan SHA-256: ${planHash}`,
  ];
}

/** A plan in one sentence. */
export function sentenceOfPlan({ isDone, deployment, endpoint, after }: Plan): string {
  return isDone
    ? `Nothing to do: '${deployment.name}' of endpoint '${endpoint.name}' is live already.`
    : `Planned for endpoint '${endpoint.name}': ${deployment.change} '${deployment.name}', then ${wordsOfTraffic(after.live)}.`;
}

function lineOfField({ field, from, to }: FieldChange): string {
  return `    ${field}: ${from ?? 'not set'} -> ${to ?? 'not set'}`;
}

function mirrorWords(mirror: Traffic): string {
  return Object.keys(mirror).length === 0 ? '' : `, mirror ${wordsOfTraffic(mirror)}`;
}
