import { choice, flag, list, map, needed, number, object, text, texts, word } from './shape.ts';
import { managedServiceIdentity, sku } from './tracked.ts';

const aksNetworkingConfiguration = object({
  dnsServiceIP: text,
  dockerBridgeCidr: text,
  serviceCidr: text,
  subnetId: text,
});
const sslConfiguration = object({
  cert: text,
  cname: text,
  key: text,
  leafDomainLabel: text,
  overwriteExistingDomain: flag,
  status: word('Disabled', 'Enabled', 'Auto'),
});
const aKSSchemaProperties = object({
  agentCount: number,
  agentVmSize: text,
  aksNetworkingConfiguration: aksNetworkingConfiguration,
  clusterFqdn: text,
  clusterPurpose: word('FastProd', 'DenseProd', 'DevTest'),
  loadBalancerSubnet: text,
  loadBalancerType: word('PublicIp', 'InternalLoadBalancer'),
  sslConfiguration: sslConfiguration,
});
const scaleSettings = object({
  maxNodeCount: needed(number),
  minNodeCount: number,
  nodeIdleTimeBeforeScaleDown: text,
});
const resourceId = object({ id: needed(text) });
const userAccountCredentials = object({
  adminUserName: needed(text),
  adminUserPassword: text,
  adminUserSshPublicKey: text,
});
const virtualMachineImage = object({ id: needed(text) });
const amlComputeProperties = object({
  enableNodePublicIp: flag,
  isolatedNetwork: flag,
  osType: word('Linux', 'Windows'),
  remoteLoginPortPublicAccess: word('Enabled', 'Disabled', 'NotSpecified'),
  scaleSettings: scaleSettings,
  subnet: resourceId,
  userAccountCredentials: userAccountCredentials,
  virtualMachineImage: virtualMachineImage,
  vmPriority: word('Dedicated', 'LowPriority'),
  vmSize: text,
});
const docker = object({ privileged: flag });
const endpoint = object({
  hostIp: text,
  name: text,
  protocol: word('tcp', 'udp', 'http'),
  published: number,
  target: number,
});
const environmentVariable = object({ type: word('local'), value: text });
const image = object({ reference: text, type: word('docker', 'azureml'), version: text });
const jupyterKernelConfig = object({ argv: list(text), displayName: text, language: text });
const bindOptions = object({ createHostPath: flag, propagation: text, selinux: text });
const tmpfsOptions = object({ size: number });
const volumeOptions = object({ nocopy: flag });
const volumeDefinition = object({
  bind: bindOptions,
  consistency: text,
  readOnly: flag,
  source: text,
  target: text,
  tmpfs: tmpfsOptions,
  type: word('bind', 'volume', 'tmpfs', 'npipe'),
  volume: volumeOptions,
});
const customService = object({
  docker: docker,
  endpoints: list(endpoint),
  environmentVariables: map(environmentVariable),
  image: image,
  kernel: jupyterKernelConfig,
  name: text,
  volumes: list(volumeDefinition),
});
const assignedUser = object({ objectId: needed(text), tenantId: needed(text) });
const personalComputeInstanceSettings = object({ assignedUser: assignedUser });
const cron = object({ expression: text, startTime: text, timeZone: text });
const computeRecurrenceSchedule = object({
  hours: needed(list(number)),
  minutes: needed(list(number)),
  monthDays: list(number),
  weekDays: list(word('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')),
});
const recurrence = object({
  frequency: word('Minute', 'Hour', 'Day', 'Week', 'Month'),
  interval: number,
  schedule: computeRecurrenceSchedule,
  startTime: text,
  timeZone: text,
});
const scheduleBase = object({
  id: text,
  provisioningStatus: word('Completed', 'Provisioning', 'Failed'),
  status: word('Enabled', 'Disabled'),
});
const computeStartStopSchedule = object({
  action: word('Start', 'Stop'),
  cron: cron,
  recurrence: recurrence,
  schedule: scheduleBase,
  status: word('Enabled', 'Disabled'),
  triggerType: word('Recurrence', 'Cron'),
});
const computeSchedules = object({ computeStartStop: list(computeStartStopSchedule) });
const scriptReference = object({
  scriptArguments: text,
  scriptData: text,
  scriptSource: text,
  timeout: text,
});
const scriptsToExecute = object({ creationScript: scriptReference, startupScript: scriptReference });
const setupScripts = object({ scripts: scriptsToExecute });
const computeInstanceSshSettings = object({
  adminPublicKey: text,
  sshPublicAccess: word('Enabled', 'Disabled'),
});
const computeInstanceProperties = object({
  applicationSharingPolicy: word('Personal', 'Shared'),
  computeInstanceAuthorizationType: word('personal'),
  customServices: list(customService),
  enableNodePublicIp: flag,
  enableSSO: flag,
  idleTimeBeforeShutdown: text,
  personalComputeInstanceSettings: personalComputeInstanceSettings,
  schedules: computeSchedules,
  setupScripts: setupScripts,
  sshSettings: computeInstanceSshSettings,
  subnet: resourceId,
  vmSize: text,
});
const databricksProperties = object({ databricksAccessToken: text, workspaceUrl: text });
const dataLakeAnalyticsSchemaProperties = object({ dataLakeStoreAccountName: text });
const virtualMachineSshCredentials = object({
  password: text,
  privateKeyData: text,
  publicKeyData: text,
  username: text,
});
const hDInsightProperties = object({
  address: text,
  administratorAccount: virtualMachineSshCredentials,
  sshPort: number,
});
const instanceTypeSchemaResources = object({ limits: texts, requests: texts });
const instanceTypeSchema = object({ nodeSelector: texts, resources: instanceTypeSchemaResources });
const kubernetesProperties = object({
  defaultInstanceType: text,
  extensionInstanceReleaseTrain: text,
  extensionPrincipalId: text,
  instanceTypes: map(instanceTypeSchema),
  namespace: text,
  relayConnectionString: text,
  serviceBusConnectionString: text,
  vcName: text,
});
const autoPauseProperties = object({ delayInMinutes: number, enabled: flag });
const autoScaleProperties = object({ enabled: flag, maxNodeCount: number, minNodeCount: number });
const synapseSparkProperties = object({
  autoPauseProperties: autoPauseProperties,
  autoScaleProperties: autoScaleProperties,
  nodeCount: number,
  nodeSize: text,
  nodeSizeFamily: text,
  poolName: text,
  resourceGroup: text,
  sparkVersion: text,
  subscriptionId: text,
  workspaceName: text,
});
const virtualMachineSchemaProperties = object({
  address: text,
  administratorAccount: virtualMachineSshCredentials,
  isNotebookInstanceCompute: flag,
  notebookServerPort: number,
  sshPort: number,
  virtualMachineSize: text,
});
const compute = choice(
  'computeType',
  object({ computeLocation: text, description: text, disableLocalAuth: flag, resourceId: text }),
  {
    AKS: object({ properties: aKSSchemaProperties }),
    AmlCompute: object({ properties: amlComputeProperties }),
    ComputeInstance: object({ properties: computeInstanceProperties }),
    Databricks: object({ properties: databricksProperties }),
    DataFactory: object({}),
    DataLakeAnalytics: object({ properties: dataLakeAnalyticsSchemaProperties }),
    HDInsight: object({ properties: hDInsightProperties }),
    Kubernetes: object({ properties: kubernetesProperties }),
    SynapseSpark: object({ properties: synapseSparkProperties }),
    VirtualMachine: object({ properties: virtualMachineSchemaProperties }),
  },
);

/** What a PUT of a compute may hold. */
export const computesBody = object({
  identity: managedServiceIdentity,
  location: text,
  properties: needed(compute),
  sku: sku,
  tags: texts,
});
