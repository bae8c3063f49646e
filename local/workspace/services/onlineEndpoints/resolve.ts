import { Problem } from '../../../../shared/problem/index.ts';
import type { EnvironmentRequest } from '../../engine/environments/index.ts';
import {
  environmentRequestOf,
  locate,
  parseReference,
  placeOf,
  type Places,
} from '../../engine/jobs/references/index.ts';
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_PROBE,
  DEFAULT_REQUEST_TIMEOUT_IN_MS,
  INFERENCE_SERVER_ROUTES,
  type AssetLocation,
  type DeployedModel,
  type DeploymentPlan,
  type ProbeSettings,
  type ServingSettings,
} from '../../engine/scoring/index.ts';
import type { Json } from '../../server/bodies.ts';
import { isObject } from '../../server/bodies.ts';
import { failure } from '../../server/failures.ts';
import type { StoredDeployment, StoredRevision } from './documents.ts';
import { durationInMs } from './durations.ts';
import type { DeploymentProperties } from './parseDeployment.ts';
import { optional } from './parseEndpoint.ts';

/**
 * Follows every reference of a deployment to what it means. Anything unknown is an error that names it, found
 * before anything is created.
 */
export function resolvePlan(
  deployment: Pick<StoredDeployment, 'endpoint' | 'name'>,
  revision: StoredRevision,
  places: Places,
  processLimit: number,
): DeploymentPlan {
  // Stored as it was parsed.
  const properties = revision.properties as DeploymentProperties;
  const code = codeOf(properties, places);
  const model = modelOf(properties, places);
  if (!code && !model?.isMlflow) throw badArgument(noScript(properties));
  return {
    endpoint: deployment.endpoint,
    deployment: deployment.name,
    revision: revision.id,
    ...optional('code', code),
    ...optional('model', model),
    ...optional('environment', environmentOf(properties, model, places)),
    environmentVariables: properties.environmentVariables,
    instanceCount: Math.min(instancesOf(properties, revision.capacity), processLimit),
    serving: servingOf(properties),
    routes: INFERENCE_SERVER_ROUTES,
    isKubernetes: properties.endpointComputeType === 'Kubernetes',
    collections: collectionsOf(properties),
  };
}

/** Names of the collections that the data collector is asked to fill. */
function collectionsOf(properties: DeploymentProperties): readonly string[] {
  const collector = properties['dataCollector'];
  const collections =
    isObject(collector) && isObject(collector['collections']) ? collector['collections'] : {};
  return Object.entries(collections).flatMap(([name, collection]) =>
    isObject(collection) && collection['dataCollectionMode'] === 'Enabled' ? [name] : [],
  );
}

/** With automatic scaling a deployment starts with the fewest instances it may have. */
function instancesOf(properties: DeploymentProperties, capacity: number): number {
  const scale = properties['scaleSettings'];
  const least =
    isObject(scale) && scale['scaleType'] === 'TargetUtilization' ? scale['minInstances'] : undefined;
  return typeof least === 'number' && least > 0 ? least : capacity;
}

function codeOf({ codeConfiguration }: DeploymentProperties, places: Places): DeploymentPlan['code'] {
  if (!codeConfiguration) return undefined;
  const { codeId, scoringScript } = codeConfiguration;
  if (!codeId)
    throw badArgument('codeConfiguration.codeId is required: it names the folder with the scoring script.');
  return { ...inStorage(codeId, places, 'codes'), scoringScript };
}

function modelOf({ model }: DeploymentProperties, places: Places): DeployedModel | undefined {
  if (!model) return undefined;
  const reference = parseReference(model, 'models');
  if (reference.kind !== 'asset') {
    return { name: 'model', version: '1', isMlflow: false, location: inStorage(model, places, 'models') };
  }
  const asset = places.assets.stored(reference);
  if (!asset) throw notFound(`The model ${placeOf(reference)}.`);
  return {
    name: asset.name,
    version: asset.version,
    isMlflow: asset.type?.toLowerCase() === 'mlflow_model',
    location: inStorage(asset.uri, places, 'models'),
  };
}

function inStorage(uri: string, places: Places, assumed: 'models' | 'codes'): AssetLocation {
  const location = locate(uri, places, assumed);
  if (location.kind === 'blob') return { container: location.container, path: location.path };
  throw new Problem({
    code: 'unsupported',
    message: `'${uri}' is not in this workspace's storage, so it cannot be deployed from here.`,
    next: 'Register the asset from a local folder or from a job.',
  });
}

function environmentOf(
  { environmentId }: DeploymentProperties,
  model: DeployedModel | undefined,
  places: Places,
): EnvironmentRequest | undefined {
  if (!environmentId) {
    if (model?.isMlflow) return undefined;
    throw badArgument('environmentId is required, except for MLflow models without a scoring script.');
  }
  return environmentRequestOf(environmentId, places.assets);
}

function servingOf(properties: DeploymentProperties): ServingSettings {
  const requests = record(properties['requestSettings']);
  return {
    requestTimeoutInMs: milliseconds(requests['requestTimeout']) ?? DEFAULT_REQUEST_TIMEOUT_IN_MS,
    maxConcurrentRequestsPerInstance:
      whole(requests['maxConcurrentRequestsPerInstance']) ?? DEFAULT_CONCURRENCY,
    liveness: probeOf(record(properties['livenessProbe'])),
    readiness: probeOf(record(properties['readinessProbe'])),
  };
}

function probeOf(probe: Json): ProbeSettings {
  return {
    initialDelayInMs: milliseconds(probe['initialDelay']) ?? DEFAULT_PROBE.initialDelayInMs,
    periodInMs: milliseconds(probe['period']) ?? DEFAULT_PROBE.periodInMs,
    timeoutInMs: milliseconds(probe['timeout']) ?? DEFAULT_PROBE.timeoutInMs,
    successThreshold: whole(probe['successThreshold']) ?? DEFAULT_PROBE.successThreshold,
    failureThreshold: whole(probe['failureThreshold']) ?? DEFAULT_PROBE.failureThreshold,
  };
}

function record(value: unknown): Json {
  return isObject(value) ? value : {};
}

function milliseconds(value: unknown): number | undefined {
  return typeof value === 'string' ? durationInMs(value) : undefined;
}

function whole(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function noScript({ model }: DeploymentProperties): string {
  if (!model) return 'The deployment has neither a model nor a codeConfiguration with a scoring script.';
  return 'codeConfiguration is required: only MLflow models can be deployed without a scoring script.';
}

function badArgument(message: string): Problem {
  return failure(400, 'BadArgument', message);
}

function notFound(message: string): Problem {
  return new Problem({ code: 'not-found', message, next: 'Check the name, the version and the workspace.' });
}
