import type { AzureML, ModelType, ModelVersion, Registry } from '../../shared/azureml/index.ts';
import { hashFiles, sendFiles, sendInto, type Material } from '../../shared/delivery/modelMaterial.ts';
import { resolveModelSource } from '../../shared/delivery/modelSource.ts';
import { FILES_PROPERTY, registerOnce } from '../../shared/delivery/registerModel.ts';
import { keepInRelease } from '../../shared/delivery/releaseVariables.ts';
import { lineageTags } from '../../shared/delivery/submitJob.ts';
import { openWorkspace } from '../../shared/delivery/workspace.ts';
import {
  evidenceProperties,
  hashOfFiles,
  type RecordedFile,
  verdictTags,
} from '../../shared/evidence/index.ts';
import {
  createTaskLog,
  lineage,
  setOutput,
  type TaskLog,
  type TaskOutcome,
} from '../../shared/pipelines/index.ts';
import { Problem } from '../../shared/problem/index.ts';
import {
  findEvidence,
  linkRegistered,
  reportEvidence,
  whyNotPassed,
  type RegisterServices,
} from './evidence.ts';
import type { RegisterInputs } from './inputs.ts';

export function openServices(inputs: RegisterInputs, abortSignal: AbortSignal): RegisterServices {
  const log = createTaskLog();
  const client = openWorkspace(inputs.workspace, { task: 'RegisterModel', log });
  return { client, log, lineage: lineage(), now: () => new Date(), abortSignal };
}

/** Registers a model, and lets the stages of a release know. */
export async function registerModel(
  inputs: RegisterInputs,
  services: RegisterServices,
): Promise<TaskOutcome> {
  const outcome = await registerFiles(inputs, services);
  await keepInRelease(inputs.releaseVariables, services);
  return outcome;
}

/** Finds the files and their evidence, and registers them once. */
async function registerFiles(inputs: RegisterInputs, services: RegisterServices): Promise<TaskOutcome> {
  const source = await resolveModelSource(services.client, inputs.source, services.abortSignal);
  const evidence = await findEvidence(inputs, source, services);
  const refusal = inputs.onlyIfPassed ? whyNotPassed(evidence) : undefined;
  if (refusal) return leaveUnregistered(inputs, refusal, services.log);
  const files = await hashFiles(source, services);
  if (files.length === 0) throw withoutFiles(inputs.source);
  const { model, created } = await register(inputs, { source, evidence, files }, services);
  return report(model, created, services);
}

function leaveUnregistered(inputs: RegisterInputs, reason: string, log: TaskLog): TaskOutcome {
  setOutput('modelName', inputs.modelName);
  setOutput('registered', 'false');
  const message = `Model ${inputs.modelName} was not registered: ${reason.replace(/\.$/, '')}.`;
  log.info(message);
  return { result: 'Succeeded', message };
}

async function register(
  inputs: RegisterInputs,
  material: Material,
  services: RegisterServices,
): Promise<{ model: ModelVersion; created: boolean }> {
  const filesHash = await hashOfFiles(material.files);
  const modelType = typeOf(inputs, material.files);
  let modelUri: string | undefined;
  const registry = registryOf(inputs, services.client);
  return registerOnce(registry?.models ?? services.client.models, {
    name: inputs.modelName,
    version: inputs.modelVersion,
    filesHash,
    abortSignal: services.abortSignal,
    async properties(version) {
      modelUri ??= registry
        ? await sendInto(registry, { modelName: inputs.modelName, version, material }, services)
        : await sendFiles(material, services);
      const linking = { inputs, material, version, filesHash, modelType, registry };
      const sealed = await linkRegistered(linking, services);
      return {
        modelUri,
        modelType,
        ...(inputs.description && { description: inputs.description }),
        tags: { ...lineageTags(services.lineage), ...verdictTags(sealed.record), ...inputs.tags },
        properties: {
          ...inputs.properties,
          ...jobProperty(material),
          [FILES_PROPERTY]: filesHash,
          ...evidenceProperties(sealed),
        },
      };
    },
  });
}

function jobProperty({ source }: Material): Record<string, string> {
  return source.kind === 'stored' && source.jobName ? { 'delivery.job': source.jobName } : {};
}

function registryOf(
  { registry, registryResourceGroup }: RegisterInputs,
  client: AzureML,
): Registry | undefined {
  return registry === undefined ? undefined : client.registry(registry, registryResourceGroup);
}

function typeOf(inputs: RegisterInputs, files: readonly RecordedFile[]): ModelType {
  const isMlflow = files.some(({ path }) => path === 'MLmodel');
  if (inputs.modelType === 'auto') return isMlflow ? 'mlflow_model' : 'custom_model';
  if (inputs.modelType === 'mlflow_model' && !isMlflow) throw notMlflow(inputs.source);
  return inputs.modelType;
}

async function report(
  model: ModelVersion,
  created: boolean,
  { client, log, abortSignal }: RegisterServices,
): Promise<TaskOutcome> {
  setOutput('modelName', model.name);
  setOutput('modelVersion', model.version);
  setOutput('modelId', model.id);
  setOutput('registered', 'true');
  await reportEvidence(model, client, abortSignal);
  const message = created
    ? `Model ${model.name}:${model.version} is registered.`
    : `Model ${model.name}:${model.version} already holds these bytes; no other version was made.`;
  log.info(message);
  return { result: 'Succeeded', message };
}

function withoutFiles(source: string): Problem {
  return new Problem({
    code: 'model',
    message: `There are no files at '${source}'.`,
    place: { input: 'source' },
    next: 'Check that the job wrote its model there, and the spelling of output and path.',
  });
}

function notMlflow(source: string): Problem {
  return new Problem({
    code: 'model',
    message: `'${source}' holds no MLmodel file, so it is no MLflow model.`,
    place: { input: 'modelType' },
    next: "Name the folder that holds the MLmodel file in 'source', or register it as custom_model.",
  });
}
