import { randomUUID } from 'node:crypto';
import { createChild, runChild, runCommandChild } from '../children.ts';
import { recordOf, textOf, textsOf } from '../json.ts';
import { parallelSpecification } from '../parallel/index.ts';
import type { Json, RunDocument } from '../records/index.ts';
import { commandSpecification, type JobInput, type JobOutput } from '../specification.ts';
import { durationText, sweepOf } from '../sweep/specification.ts';
import { runSweep } from '../sweep/sweepJob.ts';
import { failedEnd, type JobTools, type RunEnd } from '../tools.ts';
import type { RunPipeline } from './job.ts';
import type { PipelineSpecification, PipelineStep } from './model.ts';
import { readyOutputs, rememberStep, reuseKey } from './reuse.ts';
import { graphOf, readSettings } from './specification.ts';
import { boundInputs, boundOutputs, chosenOutputs, type StepOutputs } from './step.ts';
import { stepJob } from './stepJob.ts';

/** A step that is about to run, and where it stands. */
export interface StartedStep {
  readonly step: PipelineStep;
  readonly parent: RunDocument;
  readonly pipeline: PipelineSpecification;
  readonly done: StepOutputs;
  /** Runs a step that is itself a pipeline. */
  readonly nested: RunPipeline;
}

/** The step's run, and how it is worked on; its outputs are known before it runs. */
export interface StepWork {
  readonly run: RunDocument;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  /** The run whose results are taken instead of working again. */
  readonly reused?: string;
  work(signal: AbortSignal): Promise<RunEnd>;
}

const RUN_TYPES: Readonly<Record<string, string>> = { sweep: 'hyperdrive', pipeline: 'azureml.PipelineRun' };

/** Stores the run of a step and says how to run it. */
export async function startStep(started: StartedStep, tools: JobTools): Promise<StepWork> {
  const { step, pipeline, done, nested } = started;
  const runId = randomUUID();
  const inputs = await boundInputs(step, { pipeline, done, places: tools.places });
  const outputs = boundOutputs(step, runId, pipeline);
  const job = stepJob(step, { inputs, outputs }, pipeline.defaultCompute);
  const key = reuseKey({ step, inputs, pipeline, job }, tools.places.assets);
  const ready = key === undefined ? undefined : readyOutputs(key, tools);
  if (ready) return takeAgain(started, job, ready, tools);
  const run = await createStep(started, { runId, job }, tools);
  return {
    run,
    outputs,
    work: async (signal) => {
      const end = await workOn({ step, run, job, inputs, outputs, pipeline, nested }, tools, signal);
      if (end.status === 'Completed' && key !== undefined) await rememberStep(key, run.runId, tools);
      return end;
    },
  };
}

interface NewStep {
  readonly runId: string;
  readonly job: Json;
  readonly properties?: Readonly<Record<string, string>>;
}

function createStep(
  { step, parent }: StartedStep,
  { runId, job, properties }: NewStep,
  tools: JobTools,
): Promise<RunDocument> {
  const child = {
    runId,
    displayName: textOf(step.node['display_name']) ?? step.name,
    runType: RUN_TYPES[step.type] ?? 'azureml.StepRun',
    job,
    tags: textsOf(step.node['tags']),
    properties: {
      'azureml.moduleName': textOf(step.component['name']) ?? step.name,
      'azureml.nodeid': step.name,
      'azureml.pipelinerunid': parent.runId,
      'azureml.pipeline': parent.runId,
      'azureml.runsource': 'azureml.StepRun',
      ...properties,
    },
  };
  return createChild(parent, child, tools);
}

/** A step whose result is there already: its run is complete at once, and shows what the earlier one gave. */
async function takeAgain(
  started: StartedStep,
  job: Json,
  { original, outputs }: NonNullable<ReturnType<typeof readyOutputs>>,
  tools: JobTools,
): Promise<StepWork> {
  const shown = Object.entries(outputs).map(([name, { type, ...rest }]) => [
    name,
    { jobOutputType: type, ...rest },
  ]);
  const pipeline = original.properties['azureml.pipelinerunid'] ?? '';
  const run = await createStep(
    started,
    {
      runId: randomUUID(),
      job: { ...job, outputs: Object.fromEntries(shown) },
      properties: {
        'azureml.isreused': 'true',
        'azureml.reusedrunid': original.runId,
        'azureml.reusednodeid': original.properties['azureml.nodeid'] ?? '',
        'azureml.reusedpipeline': pipeline,
        'azureml.reusedpipelinerunid': pipeline,
      },
    },
    tools,
  );
  const given = { outputs: original.outputs, inputs: original.inputs, metrics: original.metrics };
  await tools.records.runs.update(run.runId, tools.context.clock.now(), (current) => ({
    ...current,
    ...given,
  }));
  return {
    run,
    outputs,
    reused: original.runId,
    work: (signal) => runChild(run, tools, signal, async () => ({ status: 'Completed' })),
  };
}

interface BoundStep {
  readonly step: PipelineStep;
  readonly run: RunDocument;
  readonly job: Json;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly pipeline: PipelineSpecification;
  readonly nested: RunPipeline;
}

async function workOn(bound: BoundStep, tools: JobTools, signal: AbortSignal): Promise<RunEnd> {
  const { step, run, job, inputs, outputs } = bound;
  const guarded = (work: (own: AbortSignal) => Promise<RunEnd>): Promise<RunEnd> =>
    runChild(run, tools, signal, (own) =>
      work(own).catch((error: unknown) => (own.aborted ? { status: 'Canceled' } : failedEnd(error, tools))),
    );
  switch (step.type) {
    case 'command':
      return runCommandChild(run, { ...commandSpecification(job), inputs, outputs }, tools, signal);
    case 'parallel': {
      const command = { ...commandSpecification(job), inputs, outputs };
      const specification = parallelSpecification(command, { ...step, inputs, outputs });
      return runCommandChild(run, specification, tools, signal);
    }
    case 'sweep':
      return guarded(async (own) => sweepStep(bound, tools, own));
    case 'pipeline':
      return guarded(async (own) => nestedPipeline(bound, tools, own));
    default:
      return guarded(async () => notHere(step));
  }
}

function notHere({ name, type }: PipelineStep): RunEnd {
  const message =
    `The step '${name}' is of the type '${type}', which the embedded workspace accepts but does not run: ` +
    'it needs services that only Azure has. Run the pipeline on Azure.';
  return { status: 'Failed', error: { code: 'UserError', message } };
}

function sweepStep(
  { step, run, job, inputs, outputs }: BoundStep,
  tools: JobTools,
  signal: AbortSignal,
): Promise<RunEnd> {
  const { node } = step;
  const limits = recordOf(node['limits']);
  const timeout = durationText(limits['trial_timeout']);
  const trial = { ...commandSpecification({ ...job, limits: { timeout } }), inputs, outputs };
  const specification = sweepOf(trial, {
    space: recordOf(node['search_space']),
    sampling: node['sampling_algorithm'],
    objective: recordOf(node['objective']),
    limits,
    termination: recordOf(node['early_termination']),
  });
  return runSweep({ run, specification, trialJob: { ...job, jobType: 'Command' } }, tools, signal);
}

function nestedPipeline(
  { step, run, inputs, outputs, pipeline, nested }: BoundStep,
  tools: JobTools,
  signal: AbortSignal,
): Promise<RunEnd> {
  const settings = { ...recordOf(step.component['settings']), ...recordOf(step.node['settings']) };
  const specification = graphOf({
    owner: run.runId,
    nodes: recordOf(step.component['jobs']),
    inputs,
    outputs,
    settings: readSettings(settings, textOf(step.node['computeId']), pipeline),
    chosen: chosenOutputs(step, pipeline),
    assets: tools.places.assets,
  });
  return nested({ run, specification }, tools, signal);
}
