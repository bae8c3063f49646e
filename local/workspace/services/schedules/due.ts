import type { WorkspaceContext } from '../../context.ts';
import { isWaiting, jobName, schedulesOf, triggerOf, type ScheduleRecord } from './records.ts';
import { lastDue, type Trigger } from './triggers/trigger.ts';

/** More left-out times than this are not counted. */
const MOST_COUNTED = 1000;
const LOOKED = 'looked';

/** A time that was taken up: kept under the name of its job until that one is kept itself. */
export interface TakenUp {
  readonly schedule: string;
  /** ISO time. */
  readonly dueAt: string;
}

type Kept = Pick<WorkspaceContext, 'store'>;
type Told = Pick<WorkspaceContext, 'store' | 'log'>;

/** What was taken up and has no job yet, by the names of the jobs. */
export function takenUp({ store }: Kept) {
  return store.collection<TakenUp>('schedulesTakenUp');
}

/** Until when all that was due has been taken up; undefined in a workspace that never had a schedule. */
export function lookedUntil({ store }: Kept): Date | undefined {
  const time = looks(store).get(LOOKED);
  return time === undefined ? undefined : new Date(time);
}

/** Keeps what is due within (`after`, `until`] together with how far has been looked, so that a kill loses no time and repeats none. */
export async function takeUp(context: Told, after: Date, until: Date): Promise<void> {
  const due = enabled(context).flatMap((record) => {
    const since = sinceOf(record, after);
    const dueAt = lastDue(triggerOf(record), since, until);
    return dueAt ? [{ record, since, dueAt }] : [];
  });
  await context.store.transaction(() => {
    for (const { record, dueAt } of due)
      void takenUp(context).put(jobName(record.name, dueAt), {
        schedule: record.name,
        dueAt: dueAt.toISOString(),
      });
    void looks(context.store).put(LOOKED, until.toISOString());
  });
  for (const { record, since, dueAt } of due) tellOfLeap(context, record, { since, dueAt });
}

/** Tells of every schedule that was due within (`after`, `until`], while nothing ran: those times are left out. */
export function tellOfSkipped(context: Told, after: Date, until: Date): void {
  for (const record of enabled(context)) {
    const trigger = triggerOf(record);
    const count = countOf(trigger, sinceOf(record, after), until);
    if (count === 0) continue;
    const next = trigger.nextAfter(until);
    context.log(
      `schedule ${record.name}: left out ${worded(count)} at which it was due while the workspace did not run; ` +
        (next ? `the next one is ${next.toISOString()}` : 'none follows'),
    );
  }
}

/** Schedules that go by their triggers. */
export function enabled(context: Kept): ScheduleRecord[] {
  return [...schedulesOf(context).list()].map(([, record]) => record).filter(isWaiting);
}

function tellOfLeap(
  { log }: Pick<WorkspaceContext, 'log'>,
  record: ScheduleRecord,
  { since, dueAt }: { readonly since: Date; readonly dueAt: Date },
): void {
  const count = countOf(triggerOf(record), since, new Date(dueAt.getTime() - 1));
  if (count > 0) log(`schedule ${record.name}: left out ${worded(count)} that the clock leapt over`);
}

function looks(store: Kept['store']) {
  return store.collection<string>('scheduleTimer');
}

function sinceOf({ activeSince }: ScheduleRecord, after: Date): Date {
  return new Date(Math.max(after.getTime(), Date.parse(activeSince) - 1));
}

function countOf(trigger: Trigger, after: Date, until: Date): number {
  let count = 0;
  let next = trigger.nextAfter(after);
  while (next && next <= until && count <= MOST_COUNTED) {
    count += 1;
    next = trigger.nextAfter(next);
  }
  return count;
}

function worded(count: number): string {
  if (count > MOST_COUNTED) return `more than ${MOST_COUNTED} times`;
  return count === 1 ? '1 time' : `${count} times`;
}
