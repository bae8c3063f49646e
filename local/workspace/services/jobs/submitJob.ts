import type { Caller, WorkspaceContext } from '../../context.ts';
import type { JobDocument, NewRun, RunDocument } from '../../engine/jobs/records/index.ts';
import { conflict } from '../../server/failures.ts';
import { engineOf } from './engines.ts';
import type { JobType, ReadJob } from './readJob.ts';

/** Run history's names for the kinds of jobs. */
const RUN_TYPES: Readonly<Record<JobType, string>> = {
  Command: 'azureml.scriptrun',
  Sweep: 'hyperdrive',
  Pipeline: 'azureml.PipelineRun',
  AutoML: 'automl',
  Spark: 'azureml.spark',
};

/** What a schedule says of the jobs it makes. */
export interface OfSchedule {
  readonly schedule: NonNullable<JobDocument['schedule']>;
  /** Shown as properties of the job. */
  readonly origin: Readonly<Record<string, string>>;
}

/** A job to store: who asked for it, and what the workspace itself knows of it. */
export interface Submission extends Partial<OfSchedule>, Pick<JobDocument, 'monitor'> {
  readonly job: ReadJob;
  readonly caller: Pick<Caller, 'subject' | 'name'>;
}

/** Stores a new job with its run and starts it. */
export async function submitJob(
  context: WorkspaceContext,
  name: string,
  { job, caller, schedule, origin, monitor }: Submission,
): Promise<JobDocument> {
  const engine = engineOf(context);
  const now = context.clock.now();
  const experiment = await engine.records.experiments.ensure(job.experimentName, now);
  const creator = { objectId: caller.subject, name: caller.name };
  const document: JobDocument = {
    name,
    properties: job.properties,
    isArchived: job.isArchived,
    createdAt: now.toISOString(),
    modifiedAt: now.toISOString(),
    createdBy: creator,
    modifiedBy: caller.name,
    ...(schedule ? { schedule } : {}),
    ...(monitor ? { monitor } : {}),
  };
  const run: NewRun = {
    runId: name,
    experimentId: experiment.id,
    experimentName: experiment.name,
    runType: RUN_TYPES[job.jobType],
    ofJob: true,
    // The service names what a schedule makes by its time, whatever the job is called.
    displayName: (schedule ? undefined : job.displayName) ?? name,
    ...(job.description === undefined ? {} : { description: job.description }),
    tags: job.tags,
    properties: { ...serviceProperties(job), ...job.ownProperties, ...origin },
    ...targetOf(job),
    createdBy: creator,
  };
  if (!(await engine.records.jobs.create(document, run, now))) throw taken(name);
  const webhooks = job.notifications?.webhooks ?? [];
  await engine.notifications.add(webhooks.map((webhook) => ({ ...webhook, job: name })));
  engine.submit(name);
  return document;
}

/** What the service writes into every job's properties. */
function serviceProperties({ properties }: ReadJob): Record<string, string> {
  const codeId = properties['codeId'];
  const snapshot = typeof codeId === 'string' ? /\/codes\/([^/]+)/.exec(codeId)?.[1] : undefined;
  return { '_azureml.ComputeTargetType': 'amlctrain', ...(snapshot ? { ContentSnapshotId: snapshot } : {}) };
}

function targetOf({ properties }: ReadJob): Pick<RunDocument, 'target'> {
  const compute = properties['computeId'];
  const target = typeof compute === 'string' ? compute.split('/').at(-1) : undefined;
  return target ? { target } : {};
}

function taken(name: string): Error {
  return conflict(`A run with the name '${name}' already exists. Use another name for the job.`);
}
