import type { Compilation, Use } from '../../../shared/azureml/yaml/index.ts';
import { ArmSchema, isPublished } from '../armSchema.ts';
import type { Outcome } from './outcome.ts';

/** The resource each use is PUT to, as the published schemas name it. */
const RESOURCES: Readonly<Record<Use, string>> = {
  job: 'workspaces_jobs',
  dataImport: 'workspaces_jobs',
  component: 'workspaces_components_versions',
  environment: 'workspaces_environments_versions',
  model: 'workspaces_models_versions',
  data: 'workspaces_data_versions',
  datastore: 'workspaces_datastores',
  onlineEndpoint: 'workspaces_onlineEndpoints',
  onlineDeployment: 'workspaces_onlineEndpoints_deployments',
  batchEndpoint: 'workspaces_batchEndpoints',
  batchDeployment: 'workspaces_batchEndpoints_deployments',
  schedule: 'workspaces_schedules',
  compute: 'workspaces_computes',
  workspace: 'workspaces',
  connection: 'workspaces_connections',
};

/** Of assets that are created on the way. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  codes: 'workspaces_codes_versions',
  components: 'workspaces_components_versions',
  environments: 'workspaces_environments_versions',
  models: 'workspaces_models_versions',
  data: 'workspaces_data_versions',
};

/** Checks every body that is sent against the published schema of the api-version it is sent with, where there is one. */
export class BodyCheck {
  /** How many resources have an api-version whose schema is not at hand. */
  readonly unchecked = new Map<string, number>();
  readonly #schemas = new Map<string, ArmSchema>();

  problems({ use, apiVersion }: Compilation, outcome: Outcome): string[] {
    if (!('sent' in outcome)) return [];
    if (!isPublished(apiVersion)) return this.#unpublished(apiVersion);
    const puts = outcome.sent.filter(({ method, path }) => method === 'PUT' && path !== undefined);
    return puts.flatMap(({ path = '', body }, index) => {
      const collection = path.split('/')[1] ?? '';
      const resource = index === puts.length - 1 ? RESOURCES[use] : COLLECTIONS[collection];
      if (!resource) return [`${path}: no published schema`];
      return this.#schema(apiVersion)
        .problems(resource, withIds(body))
        .map((problem) => `${path} ${problem}`);
    });
  }

  #unpublished(apiVersion: string): [] {
    this.unchecked.set(apiVersion, (this.unchecked.get(apiVersion) ?? 0) + 1);
    return [];
  }

  #schema(apiVersion: string): ArmSchema {
    const known = this.#schemas.get(apiVersion) ?? new ArmSchema(apiVersion);
    this.#schemas.set(apiVersion, known);
    return known;
  }
}

/** Some examples leave ids as `XXXXXXXX-XXXX-...` to their readers. */
function withIds(body: unknown): unknown {
  const text = JSON.stringify(body).replace(/"X{8}(?:-X{4}){3}-X{12}"/g, (id) => id.replaceAll('X', '0'));
  return JSON.parse(text);
}
