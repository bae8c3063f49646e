const BASE = 'https://learn.microsoft.com/azure/machine-learning';

/** The documentation page of each kind, for messages. */
export const pages = {
  job: `${BASE}/reference-yaml-overview`,
  commandJob: `${BASE}/reference-yaml-job-command`,
  sweepJob: `${BASE}/reference-yaml-job-sweep`,
  pipelineJob: `${BASE}/reference-yaml-job-pipeline`,
  commandComponent: `${BASE}/reference-yaml-component-command`,
  environment: `${BASE}/reference-yaml-environment`,
  data: `${BASE}/reference-yaml-data`,
  model: `${BASE}/reference-yaml-model`,
  managedOnlineEndpoint: `${BASE}/reference-yaml-endpoint-online`,
  kubernetesOnlineEndpoint: `${BASE}/reference-yaml-endpoint-online`,
  managedOnlineDeployment: `${BASE}/reference-yaml-deployment-managed-online`,
  kubernetesOnlineDeployment: `${BASE}/reference-yaml-deployment-kubernetes-online`,
} as const;
