import path from 'node:path';
import { resolveAssets } from '../azureml/assets/index.ts';
import { parsePlace, placeUri, type AzureML, type Job } from '../azureml/index.ts';
import { applySet, compileJob, readYamlFile, type YamlDocument } from '../azureml/yaml/index.ts';
import type { Metrics } from '../evaluation/index.ts';
import type { Lineage, StepIdentity, TaskLog } from '../pipelines/index.ts';
import { Problem } from '../problem/index.ts';
import type { Candidate } from './candidate.ts';
import type { Champion } from './champion.ts';
import { followJob } from './followJob.ts';
import { requireCompleted } from './jobOutcome.ts';
import {
  artifactPlace,
  namedOutputs,
  outputPlace,
  parseJobAddress,
  resolveJobAddress,
} from './jobOutputs.ts';
import { submitOnce } from './submitJob.ts';

/** The job inputs that receive the two models, and the beginnings of the metrics the job logs. */
const CANDIDATE_INPUT = 'candidate_model';
const CHAMPION_INPUT = 'champion_model';
const CANDIDATE_PREFIX = 'candidate_';
const CHAMPION_PREFIX = 'champion_';

const MODEL_TYPES = ['custom_model', 'mlflow_model', 'triton_model'];

export interface EvaluationRequest {
  /** Azure ML v2 job YAML. */
  readonly file: string;
  /** `path=value` overrides of the file. */
  readonly set: readonly string[];
  readonly candidate: Candidate;
  /** Output or artifact folder of the candidate's job that holds its model; undefined: its only one. */
  readonly candidateOutput: string | undefined;
  readonly champion: Champion | undefined;
  /** A metric that holds for both models, under its own name: the number of rows. */
  readonly rowsMetric: string | undefined;
  readonly timeoutInMinutes: number;
  readonly streamLogs: boolean;
}

export interface EvaluationServices {
  readonly client: AzureML;
  readonly log: TaskLog;
  readonly step: StepIdentity;
  readonly lineage: Lineage;
  readonly abortSignal: AbortSignal;
}

/** What one job measured of both models on the same data. */
export interface EvaluationResult {
  readonly job: Job;
  readonly candidate: Metrics;
  /** Empty when the champion could not be scored; undefined without champion. */
  readonly champion: Metrics | undefined;
}

/**
 * Scores candidate and champion in one job. The job's inputs `candidate_model` and `champion_model` receive the models;
 * it logs `candidate_<metric>` and `champion_<metric>`. Without a champion both inputs receive the candidate.
 */
export async function runEvaluationJob(
  request: EvaluationRequest,
  services: EvaluationServices,
): Promise<EvaluationResult> {
  const { client, log, abortSignal } = services;
  const candidate = await addressOfCandidate(client, request, abortSignal);
  const champion = request.champion && (await addressOfChampion(client, request.champion, abortSignal));
  if (request.champion && !champion) {
    log.warning(`The champion ${request.champion.recorded.model.id} has no files a job could score.`);
  }
  const document = readYamlFile(request.file);
  requireInput(document, CANDIDATE_INPUT);
  const overrides = [
    ...request.set,
    `inputs.${CANDIDATE_INPUT}.path=${candidate}`,
    ...(hasInput(document, CHAMPION_INPUT) ? [`inputs.${CHAMPION_INPUT}.path=${champion ?? candidate}`] : []),
  ];
  const job = await runToEnd(applySet(document, overrides), request, services);
  const { metrics } = await client.runs.data(job.name, { abortSignal });
  const common = Object.fromEntries(Object.entries(metrics).filter(([name]) => name === request.rowsMetric));
  return {
    job,
    candidate: { ...common, ...withPrefix(metrics, CANDIDATE_PREFIX) },
    champion: request.champion && (champion ? { ...common, ...withPrefix(metrics, CHAMPION_PREFIX) } : {}),
  };
}

async function runToEnd(
  document: YamlDocument,
  request: EvaluationRequest,
  services: EvaluationServices,
): Promise<Job> {
  const { client, log, step, lineage, abortSignal } = services;
  const compiled = compileJob(document);
  for (const { message } of compiled.warnings) log.warning(message);
  const { body } = await resolveAssets(compiled, client.assets, { abortSignal });
  const label = path.basename(path.dirname(path.resolve(request.file)));
  const { job, attached } = await submitOnce(client, {
    body: withExperiment(body, label),
    step,
    lineage,
    label: `${label}-evaluation`,
    jobName: undefined,
    abortSignal,
  });
  log.info(`${attached ? 'Attached to' : 'Submitted'} evaluation job ${job.name}.`);
  const ended = await followJob(client, job, { ...services, ...request });
  await requireCompleted(client, ended, abortSignal);
  return ended;
}

function withExperiment(
  body: Readonly<Record<string, unknown>>,
  experiment: string,
): Readonly<Record<string, unknown>> {
  const properties = (body['properties'] ?? {}) as Record<string, unknown>;
  return {
    ...body,
    properties: { experimentName: experiment.replace(/\s+/g, '') || 'Default', ...properties },
  };
}

async function addressOfCandidate(
  client: AzureML,
  { candidate, candidateOutput }: EvaluationRequest,
  abortSignal: AbortSignal,
): Promise<string> {
  if (candidate.kind === 'model') return `azureml:${candidate.model.name}:${candidate.model.version}`;
  const { job } = candidate;
  const output = candidateOutput ?? onlyOutput(job);
  if (job.outputs[output]) return placeUri(outputPlace(job, output));
  const place = artifactPlace(job.name, output.replace(/^\/+|\/+$/g, ''));
  for await (const file of client.blobs.list(place, { abortSignal })) if (file) return placeUri(place);
  throw noOutput(job, `Job '${job.name}' has neither an output nor an artifact folder '${output}'.`);
}

function onlyOutput(job: Job): string {
  const names = namedOutputs(job);
  const models = names.filter((name) => MODEL_TYPES.includes(job.outputs[name]?.type ?? ''));
  const [only, ...others] = models.length > 0 ? models : names;
  if (only !== undefined && others.length === 0) return only;
  throw noOutput(job, `Which output of job '${job.name}' holds the model is not clear.`);
}

function noOutput(job: Job, message: string): Problem {
  const names = namedOutputs(job);
  return new Problem({
    code: 'input',
    message: `${message} It has ${names.length > 0 ? `the outputs ${names.join(', ')}` : 'no named outputs'}.`,
    place: { input: 'candidateOutput' },
    next: "Name the output, or the artifact folder, that holds the model in 'candidateOutput'.",
  });
}

async function addressOfChampion(
  client: AzureML,
  { recorded: { model }, version }: Champion,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const { name, version: number, registry, id } = model;
  if (registry !== undefined) return `azureml://registries/${registry}/models/${name}/versions/${number}`;
  if (version) return `azureml:${version.name}:${version.version}`;
  const address = parseJobAddress(id);
  if (address) return placeUri(await resolveJobAddress(client, address, abortSignal));
  return parsePlace(id) ? id : undefined;
}

function hasInput({ root }: YamlDocument, name: string): boolean {
  const inputs = root.kind === 'map' ? root.entries.get('inputs')?.value : undefined;
  return inputs?.kind === 'map' && inputs.entries.has(name);
}

function requireInput(document: YamlDocument, name: string): void {
  if (hasInput(document, name)) return;
  throw new Problem({
    code: 'file',
    message: `The evaluation job has no input '${name}', so it cannot be given the model to score.`,
    place: { file: document.file, line: 1, column: 1 },
    next: `Add an input '${name}' of the model's type; '${CHAMPION_INPUT}' is given the champion.`,
  });
}

function withPrefix(metrics: Metrics, prefix: string): Metrics {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
