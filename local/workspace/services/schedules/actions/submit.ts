import { workspaceId, type WorkspaceContext } from '../../../context.ts';
import { submitJob, type OfSchedule, type Submission } from '../../jobs/submitJob.ts';
import type { Firing } from './action.ts';

/** Submits a job in the name of whoever made the schedule. */
export async function submit(
  context: WorkspaceContext,
  firing: Firing,
  { job, monitor }: Pick<Submission, 'job' | 'monitor'>,
): Promise<string> {
  const caller = creatorOf(firing);
  const submission = { job, caller, ...ofSchedule(context, firing), ...(monitor ? { monitor } : {}) };
  await submitJob(context, firing.name, submission);
  return firing.name;
}

export function creatorOf({ schedule: { creator } }: Firing): Submission['caller'] {
  return { subject: creator.objectId, name: creator.name };
}

/** Where a job comes from. */
export function ofSchedule({ identity }: WorkspaceContext, { schedule, dueAt }: Firing): OfSchedule {
  return {
    schedule: { name: schedule.name, dueAt: dueAt.toISOString() },
    origin: {
      'azureml.scheduleid': `${workspaceId(identity)}/schedules/${schedule.name}`,
      'azureml.scheduledtime': dueAt.toISOString(),
    },
  };
}
