import type { AzureML, ModelVersion } from '../azureml/index.ts';
import type { ModelReference } from '../evidence/index.ts';

/** What the model id of a deployment names. */
export interface NamedModel {
  readonly reference: ModelReference;
  /** The job whose output an unregistered model is. */
  readonly jobName?: string;
}

/** Reads a model id in any spelling the service keeps: of this workspace, of a registry, or the address of a model that was never registered. */
export function parseModelId(id: string): NamedModel {
  const registry = /(?:^azureml:\/\/|\/)registries\/([^/]+)\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(id);
  if (registry) return { reference: { id, ...named(registry[2], registry[3]), registry: registry[1]! } };
  const workspace =
    /\/models\/([^/]+)\/versions\/([^/]+)$/.exec(id) ?? /^(?:azureml:)?([^/:]+):([^/:]+)$/.exec(id);
  if (workspace) return { reference: { id, ...named(workspace[1], workspace[2]) } };
  const jobName = jobOf(id);
  return { reference: { id }, ...(jobName && { jobName }) };
}

/** The version behind a reference; undefined where there is none any more, or it is out of reach. */
export async function lookUpModel(
  client: AzureML,
  { name, version, registry }: ModelReference,
  options: { readonly abortSignal: AbortSignal },
): Promise<ModelVersion | undefined> {
  if (name === undefined || version === undefined) return undefined;
  const models = registry === undefined ? client.models : client.registry(registry).models;
  return models.get(name, version, options);
}

export function referenceTo(model: ModelVersion): ModelReference {
  return { id: model.id, name: model.name, version: model.version };
}

function named(name = '', version = ''): { name: string; version: string } {
  return { name: decodeURIComponent(name), version: decodeURIComponent(version) };
}

/** The addresses under which the service keeps what a job leaves behind. */
function jobOf(id: string): string | undefined {
  const found =
    /^azureml:\/\/jobs\/([^/]+)\//.exec(id) ??
    /^runs:\/\/?([^/]+)\//.exec(id) ??
    /\/ExperimentRun\/dcid\.([^/]+)/.exec(id) ??
    /\/datastores\/workspaceblobstore\/paths\/azureml\/([^/]+)\//.exec(id);
  return found?.[1];
}
