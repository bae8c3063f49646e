import { anything, choice, fullText, map, needed, number, object, text, texts, word } from './shape.ts';
import { managedServiceIdentity, sku } from './tracked.ts';

const endpointAuthKeys = object({ primaryKey: text, secondaryKey: text });
const batchEndpointProperties = object({
  authMode: needed(word('AMLToken', 'Key', 'AADToken')),
  defaults: object({ deploymentName: text }),
  description: text,
  keys: endpointAuthKeys,
  properties: texts,
});
const idAssetReference = object({ assetId: needed(fullText), referenceType: needed(word('Id')) });
const assetReference = choice('referenceType', object({}), {
  DataPath: object({ datastoreId: text, path: text }),
  Id: object({ assetId: needed(fullText) }),
  OutputPath: object({ jobId: text, path: text }),
});
const deploymentConfiguration = choice('deploymentConfigurationType', object({}), {
  PipelineComponent: object({
    componentId: idAssetReference,
    description: text,
    settings: texts,
    tags: texts,
  }),
});
const batchDeploymentProperties = object({
  codeConfiguration: object({ codeId: text, scoringScript: needed(fullText) }),
  compute: text,
  deploymentConfiguration,
  description: text,
  environmentId: text,
  environmentVariables: texts,
  errorThreshold: number,
  loggingLevel: word('Info', 'Warning', 'Debug'),
  maxConcurrencyPerInstance: number,
  miniBatchSize: number,
  model: assetReference,
  outputAction: word('SummaryOnly', 'AppendRow'),
  outputFileName: text,
  properties: texts,
  resources: object({ instanceCount: number, instanceType: text, properties: map(anything) }),
  retrySettings: object({ maxRetries: number, timeout: text }),
});

/** What a PUT of a batch endpoint may hold. */
export const batchEndpointsBody = object({
  identity: managedServiceIdentity,
  kind: text,
  location: needed(text),
  properties: needed(batchEndpointProperties),
  sku,
  tags: texts,
});

/** What a PUT of a batch deployment may hold. */
export const batchEndpointsDeploymentsBody = object({
  identity: managedServiceIdentity,
  kind: text,
  location: needed(text),
  properties: needed(batchDeploymentProperties),
  sku,
  tags: texts,
});
