import { workspaceId, type WorkspaceContext } from '../../../context.ts';
import { submitJob, type Submission } from '../../jobs/submitJob.ts';
import type { Firing } from './actions.ts';

/** Submits a job in the name of whoever made the schedule; it shows where it comes from. */
export async function submit(
  context: WorkspaceContext,
  { schedule, dueAt, name }: Firing,
  { job, monitor }: Pick<Submission, 'job' | 'monitor'>,
): Promise<string> {
  const ofSchedule = {
    'azureml.scheduleid': `${workspaceId(context.identity)}/schedules/${schedule.name}`,
    'azureml.scheduledtime': dueAt.toISOString(),
  };
  await submitJob(context, name, {
    job: { ...job, displayName: name, ownProperties: { ...job.ownProperties, ...ofSchedule } },
    caller: { subject: schedule.creator.objectId, name: schedule.creator.name },
    schedule: { name: schedule.name, dueAt: dueAt.toISOString() },
    ...(monitor ? { monitor } : {}),
  });
  return name;
}
