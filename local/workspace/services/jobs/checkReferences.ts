import { messageOf } from '../../../../shared/problem/index.ts';
import {
  environmentRequestOf,
  parseReference,
  storedAsset,
  type Assets,
} from '../../engine/jobs/references/index.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';

/** Refuses a job that names a compute, an environment, code or data that the workspace does not have. */
export function checkReferences(properties: Json, assets: Assets): void {
  for (const compute of computesOf(properties)) checkCompute(compute, assets);
  const trial = isObject(properties['trial']) ? properties['trial'] : {};
  for (const part of [properties, trial]) {
    refuse(
      () => typeof part['environmentId'] === 'string' && environmentRequestOf(part['environmentId'], assets),
    );
    refuse(() => typeof part['codeId'] === 'string' && checkAsset(part['codeId'], 'codes', assets));
  }
  for (const input of Object.values(isObject(properties['inputs']) ? properties['inputs'] : {})) {
    if (!isObject(input) || typeof input['uri'] !== 'string') continue;
    const { uri } = input;
    refuse(() =>
      checkAsset(uri, String(input['jobInputType']).endsWith('_model') ? 'models' : 'data', assets),
    );
  }
}

/** The computes of a job, and of the steps of a pipeline. */
function computesOf({ computeId, settings, jobs }: Json): unknown[] {
  const steps = Object.values(isObject(jobs) ? jobs : {});
  return [
    computeId,
    isObject(settings) ? settings['default_compute'] : undefined,
    ...steps.map((step) => (isObject(step) ? step['computeId'] : undefined)),
  ];
}

/** Serverless jobs have no compute; `local` would mean the machine of whoever asks. */
function checkCompute(computeId: unknown, assets: Assets): void {
  if (typeof computeId !== 'string' || computeId === '') return;
  if (computeId.toLowerCase() === 'local') {
    throw userError(
      "The compute 'local' runs a job where the client is, which is not offered here. Name a compute of the workspace.",
    );
  }
  const name =
    computeId
      .replace(/^azureml:/, '')
      .split('/')
      .at(-1) ?? '';
  if (name.toLowerCase() === 'serverless' || assets.hasCompute(name)) return;
  throw userError(`Unknown compute target '${name}': the workspace has no compute of this name.`);
}

function checkAsset(uri: string, assumed: 'codes' | 'data' | 'models', assets: Assets): void {
  const reference = parseReference(uri, assumed);
  if (reference.kind === 'asset') storedAsset(reference, assets);
  if (reference.kind === 'unknown')
    throw userError(`The address '${uri}' is of no form that Azure ML knows.`);
  if (reference.kind === 'datastore' && !assets.datastore(reference.datastore)) {
    throw userError(`The datastore '${reference.datastore}' was not found in the workspace.`);
  }
}

/** What cannot be stood in for here is found when the job runs, as an image build that fails; what does not exist is refused now. */
function refuse(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    const isUnsupported = isObject(error) && error['code'] === 'unsupported';
    if (!isUnsupported) throw userError(messageOf(error));
  }
}
