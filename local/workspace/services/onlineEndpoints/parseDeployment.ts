import type { Json } from '../../server/bodies.ts';
import { BodyReader } from './bodyReader.ts';
import type { StoredDeployment } from './documents.ts';
import { checkIdentity } from './identity.ts';
import { optional } from './parseEndpoint.ts';

/** What a PUT of a deployment asks for; `properties` are as sent, with the service's defaults filled in. */
export interface DeploymentRequest extends Pick<
  StoredDeployment,
  'location' | 'tags' | 'kind' | 'identity' | 'sku'
> {
  readonly capacity: number;
  /** Names and values of the user's own. */
  readonly dictionary: Readonly<Record<string, string>>;
  readonly properties: DeploymentProperties;
}

type ComputeType = 'Managed' | 'Kubernetes';

/** The members of a deployment's properties that this service acts on; the others are kept and shown. */
export interface DeploymentProperties extends Json {
  readonly endpointComputeType: ComputeType;
  readonly instanceType?: string;
  readonly model?: string;
  readonly environmentId?: string;
  readonly codeConfiguration?: { readonly codeId?: string; readonly scoringScript: string };
  readonly environmentVariables: Readonly<Record<string, string>>;
}

const LONGEST_TIMEOUT_IN_MS: Readonly<Record<ComputeType, number>> = {
  Managed: 180_000,
  Kubernetes: 300_000,
};
const MOST_INSTANCES = 50;
/** Azure's own default; documented as a member's description in the published types. */
const DEFAULT_INSTANCE_TYPE = 'Standard_F4s_v2';
const READ_ONLY = ['provisioningState', 'properties'];

const DEFAULT_PROBE = {
  failureThreshold: 30,
  initialDelay: 'PT10S',
  period: 'PT10S',
  successThreshold: 1,
  timeout: 'PT2S',
};
const DEFAULT_REQUESTS = {
  maxConcurrentRequestsPerInstance: 1,
  maxQueueWait: 'PT0.5S',
  requestTimeout: 'PT5S',
};

/** Reads a PUT body; everything wrong in it comes back in one error. */
export function parseDeployment(body: Json): DeploymentRequest {
  const reader = new BodyReader(body);
  const properties = reader.object('properties') ?? new BodyReader({}, 'properties');
  if (!reader.has('properties')) reader.fault('properties', 'is required');
  const sku = reader.object('sku');
  const request: DeploymentRequest = {
    location: reader.requiredText('location'),
    tags: reader.texts('tags'),
    ...optional('kind', reader.text('kind')),
    ...optional('identity', checkIdentity(reader)),
    sku: { name: 'Default', ...sku?.raw() },
    capacity: sku?.integer('capacity', 1, MOST_INSTANCES) ?? 1,
    dictionary: readDictionary(properties),
    properties: readProperties(properties),
  };
  reader.throwFaults();
  return request;
}

/** Tags and the number of instances are all that PATCH changes in an online deployment. */
export function parseDeploymentPatch(body: Json): {
  readonly tags?: Record<string, string>;
  readonly sku?: Json;
  readonly capacity?: number;
} {
  const reader = new BodyReader(body);
  const sku = reader.object('sku');
  const patch = {
    ...(reader.has('tags') ? { tags: reader.texts('tags') } : {}),
    ...optional('sku', sku?.raw()),
    ...optional('capacity', sku?.integer('capacity', 1, MOST_INSTANCES)),
  };
  reader.throwFaults();
  return patch;
}

/** What the service adds to the dictionary comes back with every update and is not the user's. */
function readDictionary(properties: BodyReader): Record<string, string> {
  const own = properties.texts('properties');
  delete own['AzureAsyncOperationUri'];
  return own;
}

function readProperties(reader: BodyReader): DeploymentProperties {
  if (!reader.has('endpointComputeType')) reader.fault('endpointComputeType', 'is required');
  const computeType = reader.word('endpointComputeType', ['Managed', 'Kubernetes'] as const) ?? 'Managed';
  const sent = Object.entries(reader.raw()).filter(([name]) => !READ_ONLY.includes(name));
  checkRequests(reader, computeType);
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) checkProbe(reader.object(probe));
  return {
    ...Object.fromEntries(sent),
    endpointComputeType: computeType,
    ...(computeType === 'Managed'
      ? { instanceType: reader.text('instanceType') ?? DEFAULT_INSTANCE_TYPE }
      : {}),
    ...optional('model', reader.text('model')),
    ...optional('environmentId', reader.text('environmentId')),
    ...optional('codeConfiguration', readCode(reader)),
    appInsightsEnabled: reader.flag('appInsightsEnabled') ?? false,
    egressPublicNetworkAccess:
      reader.word('egressPublicNetworkAccess', ['Enabled', 'Disabled'] as const) ?? 'Enabled',
    environmentVariables: reader.texts('environmentVariables'),
    livenessProbe: { ...DEFAULT_PROBE, ...reader.object('livenessProbe')?.raw() },
    readinessProbe: { ...DEFAULT_PROBE, ...reader.object('readinessProbe')?.raw() },
    requestSettings: { ...DEFAULT_REQUESTS, ...reader.object('requestSettings')?.raw() },
    scaleSettings: readScale(reader.object('scaleSettings')),
  };
}

function readCode(reader: BodyReader): DeploymentProperties['codeConfiguration'] {
  const code = reader.object('codeConfiguration');
  return (
    code && { ...optional('codeId', code.text('codeId')), scoringScript: code.requiredText('scoringScript') }
  );
}

function checkRequests(reader: BodyReader, computeType: ComputeType): void {
  const requests = reader.object('requestSettings');
  requests?.duration('requestTimeout', LONGEST_TIMEOUT_IN_MS[computeType]);
  requests?.duration('maxQueueWait');
  requests?.integer('maxConcurrentRequestsPerInstance', 1, 10_000);
}

function checkProbe(probe: BodyReader | undefined): void {
  for (const name of ['initialDelay', 'period', 'timeout']) probe?.duration(name);
  for (const name of ['failureThreshold', 'successThreshold']) probe?.integer(name, 1, 1_000);
}

/** Clients cannot read a deployment without scale settings. */
function readScale(reader: BodyReader | undefined): Json {
  const scaleType = reader?.word('scaleType', ['Default', 'TargetUtilization'] as const) ?? 'Default';
  for (const name of ['minInstances', 'maxInstances']) reader?.integer(name, 0, MOST_INSTANCES);
  reader?.integer('targetUtilizationPercentage', 1, 100);
  reader?.duration('pollingInterval');
  return { ...reader?.raw(), scaleType };
}
