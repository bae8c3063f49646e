import { choice, flag, fullText, list, map, needed, number, object, text, texts, word } from './shape.ts';
import { managedServiceIdentity, sku } from './tracked.ts';

const endpointAuthKeys = object({ primaryKey: text, secondaryKey: text });
const onlineEndpointProperties = object({
  authMode: needed(word('AMLToken', 'Key', 'AADToken')),
  compute: text,
  description: text,
  keys: endpointAuthKeys,
  mirrorTraffic: map(number),
  properties: texts,
  publicNetworkAccess: word('Enabled', 'Disabled'),
  traffic: map(number),
});
const codeConfiguration = object({ codeId: text, scoringScript: needed(fullText) });
const collection = object({
  clientId: text,
  dataCollectionMode: word('Enabled', 'Disabled'),
  dataId: text,
  samplingRate: number,
});
const requestLogging = object({ captureHeaders: list(text) });
const dataCollector = object({
  collections: needed(map(collection)),
  requestLogging: requestLogging,
  rollingRate: word('Year', 'Month', 'Day', 'Hour', 'Minute'),
});
const probeSettings = object({
  failureThreshold: number,
  initialDelay: text,
  period: text,
  successThreshold: number,
  timeout: text,
});
const onlineRequestSettings = object({
  maxConcurrentRequestsPerInstance: number,
  maxQueueWait: text,
  requestTimeout: text,
});
const onlineScaleSettings = choice('scaleType', object({}), {
  Default: object({}),
  TargetUtilization: object({
    maxInstances: number,
    minInstances: number,
    pollingInterval: text,
    targetUtilizationPercentage: number,
  }),
});
const containerResourceSettings = object({ cpu: text, gpu: text, memory: text });
const containerResourceRequirements = object({
  containerResourceLimits: containerResourceSettings,
  containerResourceRequests: containerResourceSettings,
});
const onlineDeploymentProperties = choice(
  'endpointComputeType',
  object({
    appInsightsEnabled: flag,
    codeConfiguration: codeConfiguration,
    dataCollector: dataCollector,
    description: text,
    egressPublicNetworkAccess: word('Enabled', 'Disabled'),
    environmentId: text,
    environmentVariables: texts,
    instanceType: text,
    livenessProbe: probeSettings,
    model: text,
    modelMountPath: text,
    properties: texts,
    readinessProbe: probeSettings,
    requestSettings: onlineRequestSettings,
    scaleSettings: onlineScaleSettings,
    startupProbe: probeSettings,
  }),
  {
    Kubernetes: object({ containerResourceRequirements: containerResourceRequirements }),
    Managed: object({}),
  },
);

/** What a PUT of an online endpoint may hold. */
export const onlineEndpointsBody = object({
  identity: managedServiceIdentity,
  kind: text,
  location: needed(text),
  properties: needed(onlineEndpointProperties),
  sku: sku,
  tags: texts,
});

/** What a PUT of an online deployment may hold. */
export const onlineEndpointsDeploymentsBody = object({
  identity: managedServiceIdentity,
  kind: text,
  location: needed(text),
  properties: needed(onlineDeploymentProperties),
  sku: sku,
  tags: texts,
});
