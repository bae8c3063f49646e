import { redact } from '../../../../shared/problem/index.ts';
import type { WorkspaceContext } from '../../context.ts';
import type { JobDocument } from '../../engine/jobs/records/index.ts';
import { replyFor } from '../../server/answers.ts';
import { isObject } from '../../server/bodies.ts';
import { engineOf } from '../jobs/engines.ts';
import { ofSchedule } from './actions/submit.ts';
import { jobName, type ScheduleRecord } from './records.ts';

/** A time whose job could not be made, and why. */
interface Failure {
  readonly schedule: ScheduleRecord;
  readonly dueAt: Date;
  readonly error: unknown;
}

/** Keeps a failed job under the name that the right one would have had: clients look for a schedule's history among its jobs. */
export async function keepFailure(context: WorkspaceContext, failure: Failure): Promise<void> {
  const { store, clock } = context;
  const { jobs, runs, experiments } = engineOf(context).records;
  const { schedule, dueAt, error } = failure;
  const now = clock.now();
  const name = jobName(schedule.name, dueAt);
  const experiment = await experiments.ensure(schedule.name, now);
  const { code, message } = replyFor(error);
  const firing = ofSchedule(context, { schedule, dueAt, name });
  const run = {
    runId: name,
    experimentId: experiment.id,
    experimentName: experiment.name,
    runType: 'azureml.PipelineRun',
    ofJob: true,
    displayName: name,
    tags: schedule.tags,
    properties: firing.origin,
    createdBy: schedule.creator,
  };
  // Together, so that no later life takes the job for one that is yet to be run.
  await store.transaction(() => {
    if (jobs.get(name)) return;
    void jobs.create(documentOf(failure, { name, schedule: firing.schedule, now }), run, now);
    void runs.setStatus(name, 'Failed', now, { error: { code, message: redact(message) } });
  });
}

/** A pipeline of no steps, with the inputs and outputs that were asked for left out: nothing of it ran. */
function documentOf(
  { schedule: { creator, action } }: Failure,
  { name, schedule, now }: Pick<JobDocument, 'name' | 'schedule'> & { readonly now: Date },
): JobDocument {
  const definition = isObject(action['jobDefinition']) ? action['jobDefinition'] : {};
  const { computeId } = definition;
  return {
    name,
    properties: {
      jobType: 'Pipeline',
      jobs: {},
      inputs: {},
      outputs: {},
      ...(typeof computeId === 'string' ? { computeId } : {}),
    },
    isArchived: false,
    createdAt: now.toISOString(),
    modifiedAt: now.toISOString(),
    createdBy: creator,
    modifiedBy: creator.name,
    ...(schedule ? { schedule } : {}),
  };
}
