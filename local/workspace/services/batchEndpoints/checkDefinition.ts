import { messageOf, Problem } from '../../../../shared/problem/index.ts';
import { componentOf } from '../../engine/jobs/pipeline/component.ts';
import type { Places } from '../../engine/jobs/references/index.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { failure, userError } from '../../server/failures.ts';
import { checkReferences } from '../jobs/checkReferences.ts';
import { modelAddress, modelOf } from './modelOf.ts';

/** Refuses a deployment that names what the workspace does not have, or that says too little to be run. */
export function checkDefinition(definition: Json, places: Places): void {
  const { deploymentConfiguration } = definition;
  if (isObject(deploymentConfiguration)) checkPipeline(deploymentConfiguration, places);
  else checkModel(definition, places);
}

function checkPipeline(configuration: Json, { assets }: Places): void {
  const { componentId, settings } = configuration;
  const id = isObject(componentId) ? componentId['assetId'] : undefined;
  if (typeof id !== 'string')
    throw userError("The member 'properties.deploymentConfiguration.componentId' is required.");
  const component = found(() => componentOf(id, assets));
  if (component['type'] !== 'pipeline') {
    throw userError(
      `The component '${id}' is of the type '${String(component['type'])}'; a deployment runs a pipeline component.`,
    );
  }
  checkReferences({ settings }, assets);
}

function checkModel(definition: Json, places: Places): void {
  const { compute, environmentId, codeConfiguration } = definition;
  const code = isObject(codeConfiguration) ? codeConfiguration : undefined;
  const address = modelAddress(definition);
  const inputs = address === undefined ? {} : { model: { jobInputType: 'custom_model', uri: address } };
  checkReferences({ computeId: compute, environmentId, codeId: code?.['codeId'], inputs }, places.assets);
  if (typeof compute !== 'string' || compute === '')
    throw userError("The member 'properties.compute' is required: it names the compute that scores.");
  const isMlflow = found(() => modelOf(definition, places))?.type === 'mlflow_model';
  if (code && !code['codeId'])
    throw badArgument('codeConfiguration.codeId is required: it names the folder with the scoring script.');
  if (!code && !isMlflow) throw badArgument(noScript(address));
  if (!environmentId && !isMlflow)
    throw badArgument('environmentId is required, except for MLflow models, which bring their own.');
}

function noScript(model: string | undefined): string {
  if (model === undefined)
    return 'The deployment has neither a model nor a codeConfiguration with a scoring script.';
  return 'codeConfiguration is required: only MLflow models can be deployed without a scoring script.';
}

/** What does not exist is the caller's fault here, whatever it would be where it is used. */
function found<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof Problem) throw userError(messageOf(error));
    throw error;
  }
}

function badArgument(message: string): Problem {
  return failure(400, 'BadArgument', message);
}
