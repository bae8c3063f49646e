import { createHash } from 'node:crypto';
import { workspaceId } from '../../context.ts';
import { locate } from '../../engine/jobs/references/index.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { openAssets } from '../assets/assetStore.ts';
import { durationInMs } from '../onlineEndpoints/durations.ts';
import type { Batch } from './batch.ts';
import type { ScoringStep, StoredDeployment } from './documents.ts';
import { mlflowCode, mlflowEnvironment } from './mlflow.ts';
import { modelOf, type BatchModel } from './modelOf.ts';

/** Clients call components so that nobody named. */
const ANONYMOUS = 'azureml_anonymous';

/** Makes what a model deployment's jobs run: a parallel component that nobody named, kept by its content. */
export async function scoringStep(batch: Batch, { definition }: StoredDeployment): Promise<ScoringStep> {
  const model = modelOf(definition, batch.places);
  const code = isObject(definition['codeConfiguration']) ? definition['codeConfiguration'] : undefined;
  const task = {
    type: 'run_function',
    code: code?.['codeId'] ?? (await mlflowCode(batch.context)).codeId,
    entry_script: code?.['scoringScript'] ?? (await mlflowCode(batch.context)).script,
    environment: definition['environmentId'] ?? (await mlflowEnvironment(batch, model, !code)),
    ...modelTask(batch, model),
    ...rowsTask(definition),
  };
  const componentId = await keep(batch, { ...componentSpec(definition, model), task });
  return { componentId, ...(model ? { model } : {}) };
}

function componentSpec(definition: Json, model: BatchModel | undefined): Json {
  const retries = isObject(definition['retrySettings']) ? definition['retrySettings'] : {};
  const resources = isObject(definition['resources']) ? definition['resources'] : {};
  const timeout = typeof retries['timeout'] === 'string' ? durationInMs(retries['timeout']) : undefined;
  return {
    type: 'parallel',
    display_name: 'batchscoring',
    inputs: { job_data: { type: 'uri_folder' }, ...(model ? { model: { type: model.type } } : {}) },
    outputs: { score: { type: 'uri_folder' } },
    input_data: '${{inputs.job_data}}',
    output_data: '${{outputs.score}}',
    error_threshold: definition['errorThreshold'],
    logging_level: definition['loggingLevel'],
    max_concurrency_per_instance: definition['maxConcurrencyPerInstance'],
    retry_settings: {
      max_retries: retries['maxRetries'],
      ...(timeout === undefined ? {} : { timeout: Math.max(1, Math.ceil(timeout / 1000)) }),
    },
    resources: { instance_count: resources['instanceCount'] ?? 1 },
    environment_variables: definition['environmentVariables'],
  };
}

/** Scripts find the model below AZUREML_MODEL_DIR in a folder that is called as the one it was registered from. */
function modelTask({ places }: Batch, model: BatchModel | undefined): Json {
  if (!model) return {};
  const location = locate(model.uri, places, 'models');
  const path = location.kind === 'blob' ? location.path : new URL(location.url).pathname;
  return { model: '${{inputs.model}}', model_folder: path.replace(/\/+$/, '').split('/').at(-1) ?? 'model' };
}

function rowsTask({ outputAction, outputFileName }: Json): Json {
  if (outputAction === 'SummaryOnly') return {};
  return { append_row_to: '${{outputs.score}}', append_row_file: outputFileName };
}

async function keep({ context }: Batch, spec: Json): Promise<string> {
  const version = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 36);
  const componentSpec = { name: ANONYMOUS, version, ...spec };
  await openAssets(context, 'components').putVersion({
    name: ANONYMOUS,
    version,
    caller: { name: 'workspace' },
    merge: (current) =>
      current ?? { tags: {}, properties: {}, isArchived: false, isAnonymous: true, componentSpec },
    container: { tags: {}, properties: {}, isArchived: true },
  });
  return `${workspaceId(context.identity)}/components/${ANONYMOUS}/versions/${version}`;
}
