import type { Kind, Use } from '../compilation.ts';
import { mapValues } from '../draft.ts';

const BASE = 'https://learn.microsoft.com/azure/machine-learning';
const page = (name: string): string => `${BASE}/reference-yaml-${name}`;

/** The documentation page of each use and kind, for messages. */
export const pages: Readonly<Record<Use | Kind | 'overview', string>> = {
  overview: page('overview'),
  job: page('overview'),
  commandJob: page('job-command'),
  sweepJob: page('job-sweep'),
  pipelineJob: page('job-pipeline'),
  autoMLJob: `${BASE}/how-to-configure-auto-train`,
  sparkJob: page('job-spark'),
  component: page('component-command'),
  commandComponent: page('component-command'),
  pipelineComponent: page('component-pipeline'),
  sparkComponent: page('component-spark'),
  parallelComponent: page('job-parallel'),
  dataTransferComponent: page('component-command'),
  environment: page('environment'),
  model: page('model'),
  data: page('data'),
  dataImport: `${BASE}/how-to-import-data-assets`,
  datastore: page('datastore-blob'),
  azureBlob: page('datastore-blob'),
  azureFile: page('datastore-files'),
  azureDataLakeGen1: page('datastore-data-lake-gen1'),
  azureDataLakeGen2: page('datastore-data-lake-gen2'),
  oneLake: `${BASE}/how-to-datastore`,
  onlineEndpoint: page('endpoint-online'),
  managedOnlineEndpoint: page('endpoint-online'),
  kubernetesOnlineEndpoint: page('endpoint-online'),
  onlineDeployment: page('deployment-managed-online'),
  managedOnlineDeployment: page('deployment-managed-online'),
  kubernetesOnlineDeployment: page('deployment-kubernetes-online'),
  batchEndpoint: page('endpoint-batch'),
  batchDeployment: page('deployment-batch'),
  modelBatchDeployment: page('deployment-batch'),
  pipelineComponentBatchDeployment: page('deployment-batch'),
  schedule: page('schedule'),
  monitorSchedule: page('monitor'),
  importDataSchedule: page('schedule-data-import'),
  compute: page('compute-aml'),
  amlCompute: page('compute-aml'),
  computeInstance: page('compute-instance'),
  vmCompute: page('compute-vm'),
  kubernetesCompute: page('compute-kubernetes'),
  synapseSparkCompute: `${BASE}/how-to-manage-synapse-spark-pool`,
  workspace: page('workspace'),
  connection: `${BASE}/how-to-connection`,
};

const AUTOML = {
  classification: 'how-to-configure-auto-train',
  regression: 'how-to-configure-auto-train',
  forecasting: 'how-to-auto-train-forecast',
  image_classification: 'reference-automl-images-cli-classification',
  image_classification_multilabel: 'reference-automl-images-cli-multilabel-classification',
  image_object_detection: 'reference-automl-images-cli-object-detection',
  image_instance_segmentation: 'reference-automl-images-cli-instance-segmentation',
  text_classification: 'reference-automl-nlp-cli-text-classification',
  text_classification_multilabel: 'reference-automl-nlp-cli-multilabel-classification',
  text_ner: 'reference-automl-nlp-cli-ner',
} as const;

/** The documentation page of each task of AutoML. */
export const taskPages: Readonly<Record<string, string>> = mapValues(AUTOML, (name) => `${BASE}/${name}`);
