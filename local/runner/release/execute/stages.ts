import type { StageRecord } from '../../record/model.ts';
import type { ReleaseStagePlan, StageStatus } from '../plan.ts';
import { refusedByFilters } from './artifactFilters.ts';
import type { ReleaseContext } from './context.ts';
import { statusOf } from './predefined.ts';
import { nextTime } from '../schedule.ts';
import { deployStage, nextAttempt, type StageOutcome } from './stage.ts';

interface Ended {
  readonly outcome: StageOutcome;
  /** In this session; otherwise it is how the stage was left. */
  readonly isNew: boolean;
}

/** Starts every stage when its trigger says so, side by side where nothing is between them. */
export async function runReleaseStages(deploy: readonly string[], context: ReleaseContext): Promise<void> {
  await runRound(deploy, context);
  // What was asked for over the REST API meanwhile.
  while (context.requested.size > 0 && !context.interrupts.cancel.aborted) {
    const next = [...context.requested];
    context.requested.clear();
    await runRound(next, context);
  }
}

async function runRound(deploy: readonly string[], context: ReleaseContext): Promise<void> {
  const ends = new Map<string, Promise<Ended>>();
  const byHand = new Set(deploy.map((name) => name.toLowerCase()));
  const endOf = (stage: ReleaseStagePlan): Promise<Ended> => {
    const key = stage.name.toLowerCase();
    const known = ends.get(key);
    if (known) return known;
    const end = runOne(stage, byHand.has(key), endNamed, context);
    ends.set(key, end);
    return end;
  };
  const endNamed = async (name: string): Promise<Ended | undefined> => {
    const stage = context.plan.stages.find((one) => one.name.toLowerCase() === name.toLowerCase());
    return stage ? endOf(stage) : undefined;
  };
  const all = await Promise.allSettled(context.plan.stages.map(endOf));
  for (const one of all) if (one.status === 'rejected') throw one.reason;
}

async function runOne(
  stage: ReleaseStagePlan,
  isByHand: boolean,
  endNamed: (name: string) => Promise<Ended | undefined>,
  context: ReleaseContext,
): Promise<Ended> {
  const record = recordOf(stage, context);
  if (isByHand) return deploy(stage, record, 'manual', context);
  if (record.state === 'waiting' || record.state === 'inProgress')
    return deploy(stage, record, record.trigger ?? 'manual', context);
  const isCalled = await triggered(stage, endNamed);
  const isDone = record.state === 'completed';
  const refused = isCalled
    ? refusedByFilters(stage.trigger, { plan: context.plan, versions: context.state.artifacts })
    : undefined;
  if (refused && !record.issues.some(({ message }) => message === refused))
    record.issues.push({ type: 'warning', message: refused });
  if (!isCalled || refused || context.interrupts.cancel.aborted)
    return { outcome: isDone ? leftAs(record) : 'notStarted', isNew: false };
  // A stage that has ended follows again only where one before it was deployed again.
  if (isDone && isCalled !== 'anew') return { outcome: leftAs(record), isNew: false };
  if (!(await itsTime(stage, context)))
    return { outcome: isDone ? leftAs(record) : 'notStarted', isNew: false };
  return deploy(stage, record, 'automated', context);
}

/** A stage with a schedule waits for the next of its times; false when the release was cancelled before. */
async function itsTime(
  { schedules }: ReleaseStagePlan,
  { time, interrupts }: ReleaseContext,
): Promise<boolean> {
  const now = time.now();
  const next = nextTime(schedules, now);
  if (next === undefined) return true;
  const { cancel } = interrupts;
  await time.strand(() => time.sleep(next.getTime() - now.getTime(), cancel));
  return !cancel.aborted;
}

async function deploy(
  stage: ReleaseStagePlan,
  record: StageRecord,
  trigger: 'manual' | 'automated',
  context: ReleaseContext,
): Promise<Ended> {
  if (record.state === 'completed') nextAttempt(record);
  const outcome = await context.time.strand(() => deployStage(stage, record, trigger, context));
  return { outcome, isNew: true };
}

/** `anew`: a stage it waits for was deployed in this session. */
async function triggered(
  { trigger: { kind, stages }, schedules }: ReleaseStagePlan,
  endNamed: (name: string) => Promise<Ended | undefined>,
): Promise<false | 'before' | 'anew'> {
  // A schedule starts a stage that nothing else does.
  if (kind === 'manual') return schedules.length > 0 ? 'before' : false;
  const ends = await Promise.all(stages.map((one) => endNamed(one.stage)));
  const holds = stages.every(({ statuses }, index) => {
    const outcome = ends[index]?.outcome;
    return statuses.some((status: StageStatus) => status === outcome);
  });
  if (!holds) return false;
  return ends.some((end) => end?.isNew) ? 'anew' : 'before';
}

function leftAs(record: StageRecord): StageOutcome {
  const status = statusOf(record);
  return status === 'inProgress' ? 'held' : status;
}

function recordOf(stage: ReleaseStagePlan, { recorder }: ReleaseContext): StageRecord {
  const found = recorder.run.stages.find((one) => one.name === stage.name);
  if (!found) throw new TypeError(`The stage '${stage.name}' has no record.`);
  return found;
}
