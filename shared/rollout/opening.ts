import {
  courseOfPlan,
  courseOfRecord,
  courseToAbandon,
  courseToPromote,
  courseToRollBack,
  courseToUndo,
} from './course.ts';
import { hasSucceeded, type EndpointState, type Wanted } from './endpointState.ts';
import { begin, promote, resume, undo, type Step } from './machine.ts';
import { identityOf, makePlan, type Plan } from './plan.ts';
import { ABANDONED_TAG, deployedOfTags, recordOfTags, type RolloutRecord } from './record.ts';
import { busiest } from './traffic.ts';

/** How a deploy starts, given what an earlier run may have left. */
export type Opening =
  | { readonly is: 'fresh'; readonly plan: Plan; readonly step: Step }
  /** This very request was under way. */
  | { readonly is: 'resumed'; readonly record: RolloutRecord; readonly step: Step }
  /** Another request was interrupted, or an undo was: end that first, then look again. */
  | { readonly is: 'leftover'; readonly record: RolloutRecord; readonly step: Step }
  /** Another rollout is held open, or its run may still be at work. */
  | { readonly is: 'busy'; readonly record: RolloutRecord };

export function openDeploy(endpoint: EndpointState | undefined, wanted: Wanted, now: Date): Opening {
  const record = recordOfTags(endpoint?.tags ?? {});
  if (!endpoint || !record) {
    const plan = makePlan(endpoint, wanted);
    return { is: 'fresh', plan, step: begin(courseOfPlan(plan, endpoint?.tags ?? {}), plan, now) };
  }
  if (record.phase === 'undo') return leftover(record, endpoint, now);
  if (record.id === identityOf(wanted)) {
    const course = courseOfRecord(record, endpoint, wanted);
    return { is: 'resumed', record, step: resume(course, { record, endpoint, now }) };
  }
  const isBusy = record.phase === 'held' || record.until > now;
  return isBusy ? { is: 'busy', record } : leftover(record, endpoint, now);
}

function leftover(record: RolloutRecord, endpoint: EndpointState, now: Date): Opening {
  return { is: 'leftover', record, step: undo(courseToUndo(record, endpoint), now) };
}

/** How a promote or a rollback starts; `nothing` with a sentence that says why there is nothing to do. */
export type Turn =
  | { readonly is: 'go'; readonly step: Step }
  | { readonly is: 'done'; readonly deployment: string; readonly words: string }
  | { readonly is: 'impossible'; readonly words: string; readonly next: string };

/** Gives an open rollout, or a deployment that stands by, all traffic. */
export function openPromote(
  endpoint: EndpointState,
  options: { readonly deployment: string | undefined; readonly keepPrevious: number },
  now: Date,
): Turn {
  const record = recordOfTags(endpoint.tags);
  const deployment = options.deployment?.toLowerCase() ?? record?.deployment;
  if (deployment === undefined) return nothingOpen(endpoint);
  if (endpoint.traffic.live[deployment] === 100 && !record)
    return { is: 'done', deployment, words: `'${deployment}' takes all traffic already.` };
  if (record && record.deployment !== deployment)
    return {
      is: 'impossible',
      words: `The open rollout of this endpoint is about '${record.deployment}', not '${deployment}'.`,
      next: `Promote '${record.deployment}', or run the action rollback first.`,
    };
  if (record && record.phase !== 'held') return notReady(record);
  const state = endpoint.deployments.find(({ name }) => name === deployment)?.provisioningState;
  if (state === undefined || !hasSucceeded(state))
    return {
      is: 'impossible',
      words: state === undefined ? `There is no deployment '${deployment}'.` : `'${deployment}' is ${state}.`,
      next: 'Run the action deploy, or name a deployment that is ready.',
    };
  const { keepPrevious } = options;
  return { is: 'go', step: promote(courseToPromote(endpoint, { deployment, record, keepPrevious }), now) };
}

/** Undoes an open rollout, or the last finished one. */
export function openRollback(endpoint: EndpointState, now: Date): Turn {
  const record = recordOfTags(endpoint.tags);
  if (record) return { is: 'go', step: undo(courseToAbandon(record, endpoint), now) };
  const deployed = deployedOfTags(endpoint.tags);
  if (deployed?.rolledBack || endpoint.tags[ABANDONED_TAG] !== undefined)
    return {
      is: 'done',
      deployment: busiest(endpoint.traffic.live) ?? '',
      words: 'The last rollout was rolled back already.',
    };
  const course = deployed && courseToRollBack(deployed);
  if (!course)
    return {
      is: 'impossible',
      words: 'No earlier traffic is recorded for this endpoint.',
      next: 'Deploy with keepPrevious 1 or more to be able to roll back, or promote a deployment by its name.',
    };
  const gone = Object.keys(course.before.live).filter(
    (name) => !endpoint.deployments.some((d) => d.name === name),
  );
  if (gone.length > 0)
    return {
      is: 'impossible',
      words: `The earlier deployment ${gone.map((name) => `'${name}'`).join(', ')} no longer exists.`,
      next: 'Deploy the earlier model version again.',
    };
  return { is: 'go', step: undo(course, now) };
}

function nothingOpen(endpoint: EndpointState): Turn {
  const deployment = deployedOfTags(endpoint.tags)?.deployment;
  if (deployment !== undefined && endpoint.traffic.live[deployment] === 100)
    return { is: 'done', deployment, words: `'${deployment}' takes all traffic already.` };
  return {
    is: 'impossible',
    words: 'No rollout is open on this endpoint.',
    next: 'Name the deployment that shall take all traffic in deploymentName.',
  };
}

function notReady(record: RolloutRecord): Turn {
  return {
    is: 'impossible',
    words: `The rollout of '${record.deployment}' was interrupted and is not ready to be promoted.`,
    next: 'Run the same deploy again to finish it, or run the action rollback.',
  };
}
