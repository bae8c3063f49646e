import type { Kind, Use } from '../compilation.ts';

/** Kinds that the reference client knows and that are refused by name. */
export type OtherKind =
  | 'importJob'
  | 'dataTransferJob'
  | 'finetuningJob'
  | 'automlComponent'
  | 'importComponent'
  | 'dataTransferComponent'
  | 'flow'
  | 'featureSet'
  | 'featureSetMaterialization'
  | 'featureStore'
  | 'featureStoreEntity'
  | 'registry'
  | 'index'
  | 'serverlessEndpoint'
  | 'marketplaceSubscription'
  | 'capabilityHost'
  | 'modelPackage';
export type NamedKind = Kind | OtherKind;

/** The use each kind belongs to. */
export const USE_OF: Readonly<Record<Kind, Use>> = {
  commandJob: 'job',
  sweepJob: 'job',
  pipelineJob: 'job',
  autoMLJob: 'job',
  sparkJob: 'job',
  commandComponent: 'component',
  pipelineComponent: 'component',
  sparkComponent: 'component',
  parallelComponent: 'component',
  dataTransferComponent: 'component',
  environment: 'environment',
  model: 'model',
  data: 'data',
  dataImport: 'dataImport',
  azureBlob: 'datastore',
  azureFile: 'datastore',
  azureDataLakeGen1: 'datastore',
  azureDataLakeGen2: 'datastore',
  oneLake: 'datastore',
  managedOnlineEndpoint: 'onlineEndpoint',
  kubernetesOnlineEndpoint: 'onlineEndpoint',
  managedOnlineDeployment: 'onlineDeployment',
  kubernetesOnlineDeployment: 'onlineDeployment',
  batchEndpoint: 'batchEndpoint',
  batchDeployment: 'batchDeployment',
  modelBatchDeployment: 'batchDeployment',
  pipelineComponentBatchDeployment: 'batchDeployment',
  schedule: 'schedule',
  monitorSchedule: 'schedule',
  importDataSchedule: 'schedule',
  amlCompute: 'compute',
  computeInstance: 'compute',
  vmCompute: 'compute',
  kubernetesCompute: 'compute',
  synapseSparkCompute: 'compute',
  workspace: 'workspace',
  connection: 'connection',
};

/** Why a kind is refused that the reference client knows. */
export const REFUSED: Readonly<Record<OtherKind, string>> = {
  importJob: 'Import jobs are a preview of the service that has ended.',
  dataTransferJob: 'Data transfer jobs exist only in preview versions of the API.',
  finetuningJob: 'Fine-tuning jobs exist only in preview versions of the API.',
  automlComponent: 'AutoML components cannot be registered; write the AutoML step in the pipeline.',
  importComponent: 'Import components exist only in preview versions of the API.',
  dataTransferComponent: 'Data transfer components exist only in preview versions of the API.',
  flow: 'Prompt flows are deployed by the prompt flow tools, not by the Azure ML API.',
  featureSet: 'Feature sets live in feature stores, which these tasks do not manage.',
  featureSetMaterialization: 'Feature sets live in feature stores, which these tasks do not manage.',
  featureStore: 'Feature stores are made by their own command, not by these tasks.',
  featureStoreEntity: 'Feature store entities live in feature stores, which these tasks do not manage.',
  registry:
    'Registries belong to an organisation and not to a workspace; these tasks use them but do not create them.',
  index: 'Indexes for retrieval are kept by Azure AI projects, not by these tasks.',
  serverlessEndpoint: 'Serverless endpoints are bought, not deployed by these tasks.',
  marketplaceSubscription: 'Marketplace subscriptions are bought, not made by these tasks.',
  capabilityHost: 'Capability hosts belong to Azure AI projects, which these tasks do not manage.',
  modelPackage: 'Model packages exist only in preview versions of the API.',
};

/** Other words that `$schema` uses for a kind; one word can stand for several. */
const SPELLINGS: Readonly<Record<string, readonly NamedKind[]>> = {
  schedule: ['schedule', 'monitorSchedule', 'importDataSchedule'],
  onlineendpoint: ['managedOnlineEndpoint', 'kubernetesOnlineEndpoint'],
  onlinedeployment: ['managedOnlineDeployment', 'kubernetesOnlineDeployment'],
  batchdeployment: ['batchDeployment', 'modelBatchDeployment', 'pipelineComponentBatchDeployment'],
  jobschedule: ['schedule'],
  monitoringschedule: ['monitorSchedule'],
  importschedule: ['importDataSchedule'],
  virtualmachinecompute: ['vmCompute'],
  asset: ['data'],
  dataset: ['data'],
  workspaceconnection: ['connection'],
  hub: ['workspace'],
  project: ['workspace'],
  azuredatalakegen1datastore: ['azureDataLakeGen1'],
};

/** Kinds by the word that `$schema` names, in small letters. */
export const NAMES: ReadonlyMap<string, readonly NamedKind[]> = new Map<string, readonly NamedKind[]>([
  ...[...Object.keys(USE_OF), ...Object.keys(REFUSED)].map((kind): [string, NamedKind[]] => [
    kind.toLowerCase(),
    [kind as NamedKind],
  ]),
  ...Object.entries(SPELLINGS),
]);
