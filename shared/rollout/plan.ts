import { Problem } from '../problem/index.ts';
import { differences, type FieldChange } from './diff.ts';
import {
  hasSucceeded,
  type DeploymentState,
  type EndpointState,
  type RolloutWish,
  type Wanted,
} from './endpointState.ts';
import { hashOf, type Json } from './json.ts';
import { chooseDeployment } from './names.ts';
import { deployedOfTags, type DeploymentChange } from './record.ts';
import { trafficSteps } from './strategy.ts';
import { busiest, NO_TRAFFIC, type TrafficSplit } from './traffic.ts';

/** Tags of a deployment: which specification it was made from, and by which rollout. */
export const SPECIFICATION_TAG = 'delivery.specification';
export const ROLLOUT_TAG = 'delivery.rollout';

/** Everything a deploy will do, before it does anything. */
export interface Plan {
  /** Hash of what was asked for, whatever the endpoint looks like now. */
  readonly id: string;
  /** Hash of this plan: what an approver saw. */
  readonly planHash: string;
  readonly endpoint: {
    readonly name: string;
    readonly change: 'create' | 'update' | 'none';
    readonly fields: readonly FieldChange[];
  };
  readonly deployment: {
    readonly name: string;
    readonly change: DeploymentChange;
    /** Hash of the wanted specification. */
    readonly specification: string;
    /** What the fields are compared with: the deployment itself, or the one that takes most traffic. */
    readonly comparedWith: string | undefined;
    readonly fields: readonly FieldChange[];
  };
  readonly wish: RolloutWish;
  readonly smokeTest: string | undefined;
  readonly before: TrafficSplit;
  readonly steps: readonly TrafficSplit[];
  readonly after: TrafficSplit;
  /** What a later rollback puts back. */
  readonly previous: TrafficSplit | undefined;
  /** The steps end before the new deployment takes everything: a later promote or rollback decides. */
  readonly holds: boolean;
  /** Earlier deployments after this rollout, newest first, as far as they are kept. */
  readonly history: readonly string[];
  /** Earlier deployments that are deleted at the end. */
  readonly deletes: readonly string[];
  /** The endpoint shows this very rollout as done: there is nothing to do. */
  readonly isDone: boolean;
}

/** Works out what a deploy will do from what is there and what is wanted. */
export function makePlan(endpoint: EndpointState | undefined, wanted: Wanted): Plan {
  const id = identityOf(wanted);
  const deployed = deployedOfTags(endpoint?.tags ?? {});
  const specification = hashOf(wanted.deployment.specification);
  const wish = wanted.rollout;
  const live = liveCopy(endpoint, specification);
  const name =
    live?.name ??
    chooseDeployment(wanted.deployment.name, endpoint, {
      strategy: wish.strategy,
      reserved: (deployed?.history ?? []).slice(0, Math.max(0, wish.keepPrevious - 1)),
    });
  const before = endpoint?.traffic ?? NO_TRAFFIC;
  const steps = trafficSteps(wish, name, before);
  const last = steps.at(-1) ?? before;
  if (wish.strategy === 'shadow' && busiest(before.live) === undefined)
    throw nothingToMirror(wanted.endpoint.name);
  const deploymentChanges = deploymentPart(endpoint, { name, specification, wanted });
  const previous = steps.length === 0 && deploymentChanges.change === 'none' ? deployed?.previous : before;
  const body = {
    endpoint: endpointPart(endpoint, wanted),
    deployment: deploymentChanges,
    wish,
    smokeTest: wanted.smokeTest,
    before,
    steps,
    after: last,
    holds: last.live[name] !== 100,
    previous,
    ...retention(endpoint, { name, previous, keep: wish.keepPrevious, history: deployed?.history ?? [] }),
  };
  const isDone =
    deployed?.id === id &&
    !deployed.rolledBack &&
    body.deployment.change === 'none' &&
    body.endpoint.change === 'none' &&
    steps.length === 0 &&
    !body.holds;
  const planHash = isDone ? deployed.planHash : hashOf({ id, ...(toJson(body) as Record<string, Json>) });
  return { id, planHash, ...body, isDone };
}

/** The same for the same request, so that a run after an interruption knows its own rollout. */
export function identityOf(wanted: Wanted): string {
  return hashOf(toJson(wanted));
}

/** The deployment with most traffic among those made from this very specification. */
function liveCopy(endpoint: EndpointState | undefined, specification: string): DeploymentState | undefined {
  const share = (deployment: DeploymentState): number => endpoint?.traffic.live[deployment.name] ?? 0;
  return endpoint?.deployments
    .filter((deployment) => share(deployment) > 0 && isMadeFrom(deployment, specification))
    .sort((one, other) => share(other) - share(one))[0];
}

function isMadeFrom(deployment: DeploymentState, specification: string): boolean {
  return hasSucceeded(deployment.provisioningState) && deployment.tags[SPECIFICATION_TAG] === specification;
}

function endpointPart(endpoint: EndpointState | undefined, wanted: Wanted): Plan['endpoint'] {
  const { name, settings, tags } = wanted.endpoint;
  if (!endpoint)
    return {
      name,
      change: 'create',
      fields: differences({ ...(settings ?? {}), ...(hasAny(tags) && { tags }) }, undefined),
    };
  if (!settings) return { name, change: 'none', fields: [] };
  // Tags the file does not name stay: other tools keep theirs there, as this one does.
  const own = Object.fromEntries(Object.entries(endpoint.tags).filter(([tag]) => tag in tags));
  const fields = differences({ ...settings, tags }, { ...endpoint.settings, tags: own });
  return { name, change: fields.length > 0 ? 'update' : 'none', fields };
}

function deploymentPart(
  endpoint: EndpointState | undefined,
  { name, specification, wanted }: { name: string; specification: string; wanted: Wanted },
): Plan['deployment'] {
  const present = endpoint?.deployments.find((deployment) => deployment.name === name);
  const change = changeOf(present, specification, endpoint?.traffic.live[name] !== undefined);
  const reference =
    present ?? endpoint?.deployments.find(({ name: other }) => other === busiest(endpoint.traffic.live));
  const fields =
    change === 'none' ? [] : differences(wanted.deployment.specification, reference?.specification);
  return { name, change, specification, comparedWith: reference?.name, fields };
}

function changeOf(
  present: DeploymentState | undefined,
  specification: string,
  isLive: boolean,
): DeploymentChange {
  if (!present) return 'create';
  if (isMadeFrom(present, specification)) return 'none';
  // The service cannot repair a deployment that failed while it was first made: "Delete and re-create."
  return isLive || hasSucceeded(present.provisioningState) ? 'update' : 'recreate';
}

/** Which earlier deployments stay for a rollback, and which go when the rollout is finished. */
export function retention(
  endpoint: EndpointState | undefined,
  options: { name: string; previous: TrafficSplit | undefined; keep: number; history: readonly string[] },
): Pick<Plan, 'history' | 'deletes'> {
  const { name, previous, keep, history } = options;
  const replaced = Object.entries(previous?.live ?? {})
    .sort((one, other) => other[1] - one[1])
    .map(([other]) => other);
  const earlier = [...new Set([...replaced, ...history])].filter(
    (other) => other !== name && endpoint?.deployments.some((deployment) => deployment.name === other),
  );
  // What served together is kept together: half of a split is no state to roll back to.
  const kept = keep === 0 ? 0 : Math.max(keep, replaced.filter((other) => other !== name).length);
  return {
    history: earlier.slice(0, kept),
    deletes: earlier.slice(kept).filter((other) => endpoint?.traffic.mirror[other] === undefined),
  };
}

function nothingToMirror(endpoint: string): Problem {
  return new Problem({
    code: 'rollout',
    message: `The endpoint '${endpoint}' takes no traffic, so there is nothing to mirror to a shadow.`,
    next: 'Deploy the first model with the strategy all-at-once or blue-green.',
  });
}

function hasAny(map: Readonly<Record<string, string>>): boolean {
  return Object.keys(map).length > 0;
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
