import type { WorkspaceContext } from '../../context.ts';
import { recordsIn } from '../../engine/jobs/records/index.ts';
import { runAction } from './actions/actions.ts';
import { jobName, type ScheduleRecord } from './records.ts';

/** When a schedule was due; `again` asks for a job even when this time has had one. */
interface Due {
  readonly dueAt: Date;
  readonly again?: boolean;
}

/** Does what a schedule is for. Returns the name of the job; one that a time has already made is not made twice. */
export async function fire(
  context: WorkspaceContext,
  schedule: ScheduleRecord,
  { dueAt, again = false }: Due,
): Promise<string> {
  const { jobs } = recordsIn(context.store);
  const name = jobName(schedule.name, dueAt);
  if (!jobs.get(name)) return runAction(context, { schedule, dueAt, name });
  if (!again) return name;
  let copy = 2;
  while (jobs.get(`${name}-${copy}`)) copy += 1;
  return runAction(context, { schedule, dueAt, name: `${name}-${copy}` });
}
