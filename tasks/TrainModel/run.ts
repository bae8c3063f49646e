import path from 'node:path';
import { resolveAssets } from '../../shared/azureml/assets/index.ts';
import type { AzureML, Job } from '../../shared/azureml/index.ts';
import {
  applySet,
  compileJob,
  documentOf,
  readYamlFile,
  type JobCompilation,
} from '../../shared/azureml/yaml/index.ts';
import { bestChildOf } from '../../shared/delivery/bestChild.ts';
import { downloadPlace } from '../../shared/delivery/downloads.ts';
import { recordTraining } from '../../shared/delivery/evidence.ts';
import { measuredBy } from '../../shared/delivery/evidenceTrained.ts';
import { cancelJob, followJob } from '../../shared/delivery/followJob.ts';
import { requireCompleted } from '../../shared/delivery/jobOutcome.ts';
import { artifactPlace, namedOutputs, outputPlace } from '../../shared/delivery/jobOutputs.ts';
import { setMetrics } from '../../shared/delivery/metricOutputs.ts';
import { submitOnce, type Submitted } from '../../shared/delivery/submitJob.ts';
import { createUploadLog } from '../../shared/delivery/uploadLog.ts';
import { openWorkspace } from '../../shared/delivery/workspace.ts';
import {
  addAttachment,
  createTaskLog,
  EVIDENCE_ATTACHMENT,
  lineage,
  setOutput,
  stepIdentity,
  type Lineage,
  type StepIdentity,
  type TaskLog,
  type TaskOutcome,
} from '../../shared/pipelines/index.ts';
import { INPUT_OF, type TrainInputs } from './inputs.ts';

/** Everything the story needs from outside. */
export interface TrainServices {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly step: StepIdentity;
  readonly lineage: Lineage;
  readonly abortSignal: AbortSignal;
}

export function openServices(inputs: TrainInputs, abortSignal: AbortSignal): TrainServices {
  const log = createTaskLog();
  const client = openWorkspace(inputs.workspace, { task: 'TrainModel', log });
  return { client, log, step: stepIdentity(), lineage: lineage(), abortSignal };
}

/** Submits the job, follows it to its end and reports it. */
export async function trainModel(inputs: TrainInputs, services: TrainServices): Promise<TaskOutcome> {
  const compiled = compile(inputs, services.log);
  const submitted = await submit(inputs, compiled, services);
  announce(submitted, services.log);
  setOutput('jobName', submitted.job.name);
  if (submitted.job.studioUrl) setOutput('jobUrl', submitted.job.studioUrl);
  if (services.abortSignal.aborted) await cancelJob(services.client, submitted.job, services.log);
  services.abortSignal.throwIfAborted();
  if (!inputs.waitForCompletion) {
    setOutput('jobStatus', submitted.job.status);
    return { result: 'Succeeded', message: `Job ${submitted.job.name} was submitted; it is not waited for.` };
  }
  const job = await followJob(services.client, submitted.job, { ...services, ...inputs });
  setOutput('jobStatus', job.status);
  await requireCompleted(services.client, job, services.abortSignal);
  return report(inputs, job, services);
}

function compile(inputs: TrainInputs, log: TaskLog): JobCompilation {
  const { source } = inputs;
  const written =
    source.kind === 'file'
      ? readYamlFile(source.file)
      : documentOf(source.values, { folder: source.folder, inputOf: (key) => INPUT_OF[key] ?? key });
  const compiled = compileJob(applySet(written, overrides(inputs)));
  for (const warning of compiled.warnings) showWarning(warning, log);
  return compiled;
}

function showWarning({ message, place }: JobCompilation['warnings'][number], log: TaskLog): void {
  const { file, line, column } = place;
  const at = [file, line, column].filter((part) => part !== undefined).join(':');
  log.warning(`${at}${at && ': '}${message}`);
}

/** The task's own inputs say the same as overrides of the file; they come last and win. */
function overrides(inputs: TrainInputs): readonly string[] {
  const named = { experiment_name: inputs.experimentName, display_name: inputs.displayName };
  return [
    ...inputs.set,
    ...Object.entries(named).flatMap(([key, value]) => (value ? [`${key}=${value}`] : [])),
  ];
}

async function submit(
  inputs: TrainInputs,
  compiled: JobCompilation,
  services: TrainServices,
): Promise<Submitted> {
  const { client, log, abortSignal } = services;
  const assets = { ...client.assets, onProgress: createUploadLog(log) };
  const { body } = await resolveAssets(compiled, assets, {
    abortSignal,
    onWarning: (warning) => showWarning(warning, log),
  });
  const experiment = experimentOf(body, inputs);
  return submitOnce(client, {
    body: withTags(body, inputs.tags, experiment),
    step: services.step,
    lineage: services.lineage,
    label: experiment,
    jobName: inputs.jobName ?? compiled.name,
    abortSignal,
  });
}

/** Without a name, a job's experiment is called after the folder of its file, as the reference client does. */
function experimentOf(body: Readonly<Record<string, unknown>>, inputs: TrainInputs): string {
  const { experimentName } = (body['properties'] ?? {}) as { experimentName?: string };
  const folder = inputs.source.kind === 'file' ? path.dirname(inputs.source.file) : inputs.source.folder;
  return experimentName ?? (path.basename(folder).replace(/\s+/g, '') || 'Default');
}

function withTags(
  body: Readonly<Record<string, unknown>>,
  tags: Readonly<Record<string, string>>,
  experiment: string,
): Record<string, unknown> {
  const properties = (body['properties'] ?? {}) as Record<string, unknown>;
  const ownTags = (properties['tags'] ?? {}) as Record<string, unknown>;
  return {
    ...body,
    properties: { ...properties, experimentName: experiment, tags: { ...ownTags, ...tags } },
  };
}

function announce({ job, attached }: Submitted, log: TaskLog): void {
  log.info(
    attached
      ? `Attached to job ${job.name}, which this step submitted before (${job.status}).`
      : `Submitted job ${job.name}.`,
  );
  if (job.studioUrl) log.info(`Studio: ${job.studioUrl}`);
}

async function report(inputs: TrainInputs, job: Job, services: TrainServices): Promise<TaskOutcome> {
  const { client, abortSignal, log } = services;
  const bestChild = bestChildOf(job);
  if (bestChild) setOutput('bestChildJob', bestChild);
  const { metrics } = await measuredBy(client, job, { abortSignal });
  setMetrics(metrics, log);
  const evidence = await recordTraining(client, job, { abortSignal });
  addAttachment(EVIDENCE_ATTACHMENT, `${evidence.hash}.json`, evidence.text);
  if (inputs.outputDirectory) await download(inputs.outputDirectory, job, services);
  return { result: 'Succeeded', message: `Job ${job.name} completed${metricWords(metrics)}.` };
}

function metricWords(metrics: Readonly<Record<string, number>>): string {
  const words = Object.entries(metrics)
    .slice(0, 5)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
  return words.length > 0 ? `: ${words.join(', ')}` : '';
}

/** The layout of the reference client's download: `artifacts/` and `named-outputs/<name>/`. */
async function download(
  folder: string,
  job: Job,
  { client, log, abortSignal }: TrainServices,
): Promise<void> {
  const artifacts = await downloadPlace(client, artifactPlace(job.name, ''), {
    folder: path.join(folder, 'artifacts'),
    abortSignal,
  });
  log.info(`Downloaded ${artifacts} artifacts to ${path.join(folder, 'artifacts')}.`);
  for (const output of namedOutputs(job)) {
    const target = path.join(folder, 'named-outputs', output);
    const files = await downloadPlace(client, outputPlace(job, output), { folder: target, abortSignal });
    log.info(`Downloaded ${files} files of output '${output}' to ${target}.`);
  }
}
