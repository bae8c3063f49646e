import { randomUUID } from 'node:crypto';
import { createChild, runChild, runCommandChild } from '../children.ts';
import type { Json, RunDocument } from '../records/index.ts';
import { optional, recordOf, textOf, textsOf } from '../json.ts';
import { commandSpecification, type JobInput, type JobOutput } from '../specification.ts';
import { durationText, sweepOf } from '../sweep/specification.ts';
import { runSweep } from '../sweep/sweepJob.ts';
import { failedEnd, type JobTools, type RunEnd } from '../tools.ts';
import type { RunPipeline } from './job.ts';
import { graphOf, type PipelineSpecification, type PipelineStep } from './specification.ts';
import { boundInputs, boundOutputs, type StepOutputs } from './step.ts';

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
  work(signal: AbortSignal): Promise<RunEnd>;
}

const RUN_TYPES: Readonly<Record<string, string>> = { sweep: 'hyperdrive', pipeline: 'azureml.PipelineRun' };
const JOB_TYPES: Readonly<Record<string, string>> = { sweep: 'Sweep', pipeline: 'Pipeline' };

/** Stores the run of a step and says how to run it. */
export async function startStep(started: StartedStep, tools: JobTools): Promise<StepWork> {
  const { step, parent, pipeline, done, nested } = started;
  const runId = randomUUID();
  const inputs = boundInputs(step, pipeline, done);
  const outputs = boundOutputs(step, runId, pipeline);
  const job = { ...jobOf(step, inputs, outputs), jobType: JOB_TYPES[step.type] ?? 'Command' };
  const run = await createChild(
    parent,
    {
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
      },
    },
    tools,
  );
  return {
    run,
    outputs,
    work: (signal) => workOn({ step, run, job, inputs, outputs, nested }, tools, signal),
  };
}

interface BoundStep {
  readonly step: PipelineStep;
  readonly run: RunDocument;
  readonly job: Json;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  readonly nested: RunPipeline;
}

async function workOn(bound: BoundStep, tools: JobTools, signal: AbortSignal): Promise<RunEnd> {
  const { step, run, job, inputs, outputs } = bound;
  switch (step.type) {
    case 'command':
      return runCommandChild(run, { ...commandSpecification(job), inputs, outputs }, tools, signal);
    case 'sweep':
      return runChild(run, tools, signal, (own) => guarded(tools, own, () => sweepStep(bound, tools, own)));
    case 'pipeline':
      return runChild(run, tools, signal, (own) =>
        guarded(tools, own, () => nestedPipeline(bound, tools, own)),
      );
    default: {
      const message = `The step '${step.name}' is of the type '${step.type}', which the embedded workspace does not run. Run the pipeline on Azure.`;
      return runChild(run, tools, signal, async () => ({
        status: 'Failed',
        error: { code: 'UserError', message },
      }));
    }
  }
}

async function guarded(tools: JobTools, signal: AbortSignal, work: () => Promise<RunEnd>): Promise<RunEnd> {
  try {
    return await work();
  } catch (error) {
    return signal.aborted ? { status: 'Canceled' } : failedEnd(error, tools);
  }
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
  { step, run, inputs, outputs, nested }: BoundStep,
  tools: JobTools,
  signal: AbortSignal,
): Promise<RunEnd> {
  const specification = graphOf({
    owner: run.runId,
    nodes: recordOf(step.component['jobs']),
    inputs,
    outputs,
    settings: recordOf(step.node['settings']),
    assets: tools.places.assets,
  });
  return nested({ run, specification }, tools, signal);
}

/** The job resource of a step: what its component says, and what the step says over it. */
function jobOf(
  step: PipelineStep,
  inputs: Readonly<Record<string, JobInput>>,
  outputs: Readonly<Record<string, JobOutput>>,
): Json {
  const { node, component } = step;
  const trial = recordOf(node['trial']);
  const limits = recordOf(node['limits'] ?? component['limits']);
  const timeout = durationText(limits['timeout']);
  return {
    command: textOf(component['command']) ?? '',
    ...optional('codeId', assetId(node['code'] ?? component['code'])),
    ...optional(
      'environmentId',
      assetId(node['environment'] ?? trial['environment'] ?? component['environment']),
    ),
    environmentVariables: {
      ...textsOf(component['environment_variables']),
      ...textsOf(node['environment_variables'] ?? trial['environment_variables']),
    },
    ...optional('computeId', textOf(node['computeId'])),
    ...(timeout === undefined ? {} : { limits: { jobLimitsType: 'Command', timeout } }),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { type, ...rest }]) => [name, { jobInputType: type, ...rest }]),
    ),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { type, ...rest }]) => [name, { jobOutputType: type, ...rest }]),
    ),
  };
}

/** Components write `azureml:` before an ARM id, and before an address of a registry. */
function assetId(value: unknown): string | undefined {
  return textOf(value)?.replace(/^azureml:(?=\/[^/]|azureml:)/, '');
}
