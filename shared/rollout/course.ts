import type { EndpointState, RolloutWish, Wanted } from './endpointState.ts';
import { hashOf } from './json.ts';
import { retention, type Plan } from './plan.ts';
import {
  ABANDONED_TAG,
  deployedOfTags,
  standingTags,
  tagsOfDeployed,
  tagsOfRecord,
  type DeployedRecord,
  type DeploymentChange,
  type Phase,
  type RolloutRecord,
  type Tags,
} from './record.ts';
import { allTrafficTo, trafficSteps } from './strategy.ts';
import type { TrafficSplit } from './traffic.ts';

/** What one rollout is about: made from a plan, or from the record of an open or finished rollout. */
export interface Course {
  readonly id: string;
  readonly planHash: string;
  readonly deployment: string;
  readonly change: DeploymentChange;
  readonly wish: RolloutWish;
  readonly hasSmokeTest: boolean;
  readonly endpointMade: boolean;
  readonly before: TrafficSplit;
  readonly steps: readonly TrafficSplit[];
  readonly after: TrafficSplit;
  readonly holds: boolean;
  /** What a later rollback puts back. */
  readonly previous: TrafficSplit | undefined;
  /** Earlier deployments that stay, newest first. */
  readonly history: readonly string[];
  readonly deletes: readonly string[];
  /** Tags to leave when this rollout is undone: those of rollouts that ended before it. */
  readonly standing: Tags;
  /** Hash of the deployment an update replaces, once that is saved. */
  readonly saved?: string;
}

/** How long a run is believed to be at work on a phase before another one may undo what it left. */
const CREATE_LEASE_IN_MINUTES = 120;
const SHIFT_LEASE_IN_MINUTES = 30;

export function courseOfPlan(plan: Plan, endpointTags: Tags): Course {
  return {
    id: plan.id,
    planHash: plan.planHash,
    deployment: plan.deployment.name,
    change: plan.deployment.change,
    wish: plan.wish,
    hasSmokeTest: plan.smokeTest !== undefined,
    endpointMade: plan.endpoint.change === 'create',
    before: plan.before,
    steps: plan.steps,
    after: plan.after,
    holds: plan.holds,
    previous: plan.previous,
    history: plan.history,
    deletes: plan.deletes,
    standing: standingTags(endpointTags),
  };
}

/** The same course again for a rollout that was interrupted, from its record and the same request. */
export function courseOfRecord(record: RolloutRecord, endpoint: EndpointState, wanted: Wanted): Course {
  const { deployment, change, before } = record;
  const wish = wanted.rollout;
  const steps = trafficSteps(wish, deployment, before);
  const after = steps.at(-1) ?? before;
  const deployed = deployedOfTags(endpoint.tags);
  const previous = steps.length === 0 && change === 'none' ? deployed?.previous : before;
  return {
    ...fromRecord(record, endpoint),
    wish,
    hasSmokeTest: wanted.smokeTest !== undefined,
    steps,
    after,
    holds: after.live[deployment] !== 100,
    previous,
    ...retention(endpoint, {
      name: deployment,
      previous,
      keep: wish.keepPrevious,
      history: deployed?.history ?? [],
    }),
  };
}

/** The course of undoing an open rollout; what it was meant to become no longer matters. */
export function courseToUndo(record: RolloutRecord, endpoint: EndpointState): Course {
  return fromRecord(record, endpoint);
}

/** As `courseToUndo`, and leaves a mark: a rollback that is run again must not go back one rollout more. */
export function courseToAbandon(record: RolloutRecord, endpoint: EndpointState): Course {
  const course = fromRecord(record, endpoint);
  // The rollback of a finished rollout was interrupted: its tags say already what happened.
  if (deployedOfTags(endpoint.tags)?.rolledBack) return course;
  return {
    ...course,
    standing: { ...course.standing, [ABANDONED_TAG]: `v1 deployment=${record.deployment}` },
  };
}

/** Everything to the deployment of an open rollout, or to one that stands by; a failure leaves things as they are now. */
export function courseToPromote(
  endpoint: EndpointState,
  options: { deployment: string; record: RolloutRecord | undefined; keepPrevious: number },
): Course {
  const { deployment, record, keepPrevious } = options;
  const deployed = deployedOfTags(endpoint.tags);
  const after = allTrafficTo(deployment, record?.before ?? endpoint.traffic);
  const previous = record?.before ?? endpoint.traffic;
  return {
    id: record?.id ?? hashOf({ promote: deployment }),
    planHash: record?.planHash ?? '',
    deployment,
    change: 'none',
    wish: { strategy: 'blue-green', steps: [100], bakeTimeInMinutes: 0, keepPrevious, limits: {} },
    hasSmokeTest: false,
    endpointMade: false,
    before: endpoint.traffic,
    steps: [after],
    after,
    holds: false,
    previous,
    ...retention(endpoint, {
      name: deployment,
      previous,
      keep: keepPrevious,
      history: deployed?.history ?? [],
    }),
    standing: record
      ? { ...standingTags(endpoint.tags), ...tagsOfRecord(record) }
      : standingTags(endpoint.tags),
  };
}

/** Back to the traffic before the last finished rollout; undefined when there is nothing to go back to. */
export function courseToRollBack(deployed: DeployedRecord): Course | undefined {
  const { previous, saved, ...rest } = deployed;
  if (!previous || deployed.rolledBack) return undefined;
  return {
    id: deployed.id,
    planHash: deployed.planHash,
    deployment: deployed.deployment,
    change: saved ? 'update' : 'none',
    wish: { strategy: 'blue-green', steps: [100], bakeTimeInMinutes: 0, keepPrevious: 0, limits: {} },
    hasSmokeTest: false,
    endpointMade: false,
    before: previous,
    steps: [],
    after: previous,
    holds: false,
    previous: undefined,
    history: deployed.history,
    deletes: [],
    standing: tagsOfDeployed({ ...rest, rolledBack: true }),
    ...(saved && { saved }),
  };
}

function fromRecord(record: RolloutRecord, endpoint: EndpointState): Course {
  return {
    id: record.id,
    planHash: record.planHash,
    deployment: record.deployment,
    change: record.change,
    wish: { strategy: record.strategy, steps: [], bakeTimeInMinutes: 0, keepPrevious: 0, limits: {} },
    hasSmokeTest: false,
    endpointMade: record.endpointMade,
    before: record.before,
    steps: [],
    after: record.before,
    holds: false,
    previous: undefined,
    history: [],
    deletes: [],
    standing: standingTags(endpoint.tags),
    ...(record.saved && { saved: record.saved }),
  };
}

/** The endpoint's tags while the rollout is open. */
export function openTags(course: Course, phase: Phase, options: { step: number; now: Date }): Tags {
  const { step, now } = options;
  return { ...course.standing, ...tagsOfRecord(recordOf(course, phase, { step, now })) };
}

function recordOf(course: Course, phase: Phase, { step, now }: { step: number; now: Date }): RolloutRecord {
  return {
    id: course.id,
    planHash: course.planHash,
    phase,
    deployment: course.deployment,
    change: course.change,
    strategy: course.wish.strategy,
    step,
    since: now,
    until: new Date(now.getTime() + leaseInMinutes(course, phase) * 60_000),
    endpointMade: course.endpointMade,
    before: course.before,
    ...(course.saved && { saved: course.saved }),
  };
}

/** Anybody may finish an undo at once: doing it twice does no harm. */
function leaseInMinutes(course: Course, phase: Phase): number {
  if (phase === 'undo') return 0;
  return phase === 'shift' ? SHIFT_LEASE_IN_MINUTES + course.wish.bakeTimeInMinutes : CREATE_LEASE_IN_MINUTES;
}

/** The endpoint's tags once the rollout is finished. */
export function finishedTags(course: Course, now: Date): Tags {
  const servedBefore = course.before.live[course.deployment] !== undefined;
  return tagsOfDeployed({
    id: course.id,
    planHash: course.planHash,
    deployment: course.deployment,
    change: course.change,
    at: now,
    // Those about to be deleted stay listed, so that a run after an interruption deletes them.
    history: [...course.history, ...course.deletes],
    rolledBack: false,
    ...(course.previous && { previous: course.previous }),
    // Only what served can be rolled back to.
    ...(course.saved && servedBefore && { saved: course.saved }),
  });
}
