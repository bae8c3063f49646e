import { runCommandJob } from './command/commandJob.ts';
import type { Json, RunDocument } from './records/index.ts';
import type { CommandSpecification } from './specification.ts';
import { type JobTools, moveTo, type RunEnd } from './tools.ts';

/** A trial of a sweep or a step of a pipeline, before it runs. */
export interface NewChild {
  readonly runId: string;
  readonly displayName: string;
  readonly runType: string;
  /** `properties` of the job resource that shows the child. */
  readonly job: Json;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Stores a child job with its run, in the parent's experiment and in the parent's name. */
export async function createChild(
  parent: RunDocument,
  child: NewChild,
  { records, context }: JobTools,
): Promise<RunDocument> {
  const now = context.clock.now();
  const document = {
    name: child.runId,
    properties: child.job,
    isArchived: false,
    createdAt: now.toISOString(),
    modifiedAt: now.toISOString(),
    createdBy: parent.createdBy,
    modifiedBy: parent.createdBy.name,
    parentJobName: parent.runId,
  };
  const run = {
    runId: child.runId,
    experimentId: parent.experimentId,
    experimentName: parent.experimentName,
    parentRunId: parent.runId,
    runType: child.runType,
    ofJob: true,
    displayName: child.displayName,
    tags: child.tags ?? {},
    properties: { '_azureml.ComputeTargetType': 'amlctrain', ...child.properties },
    ...(parent.target === undefined ? {} : { target: parent.target }),
    createdBy: parent.createdBy,
  };
  const created = await records.jobs.create(document, run, now);
  if (!created) throw new Error(`The run '${child.runId}' exists already.`);
  return created;
}

/** Works on a child under a control of its own, so that it can be cancelled alone; its end is stored. */
export async function runChild(
  run: RunDocument,
  tools: JobTools,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<RunEnd>,
): Promise<RunEnd> {
  const control = new AbortController();
  tools.controls.set(run.runId, control);
  try {
    const end = await work(AbortSignal.any([signal, control.signal]));
    await moveTo(tools, run.runId, end.status, end.error ? { error: end.error } : {});
    return end;
  } finally {
    tools.controls.delete(run.runId);
  }
}

/** Runs a child that is a command. */
export async function runCommandChild(
  run: RunDocument,
  specification: CommandSpecification,
  tools: JobTools,
  signal: AbortSignal,
): Promise<RunEnd> {
  return runChild(run, tools, signal, (own) => runCommandJob({ run, specification }, tools, own));
}
