import { Reference, type DraftMap } from '../../compilation.ts';
import type { YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { everythingAsText, boolean, integer, oneOf, oneOfSnake, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { codeConfiguration, servedModel } from '../deployment/parts.ts';
import { deploymentEnvironment } from '../environment.ts';
import { dataCollector } from './dataCollector.ts';
import { containerResources, probe, requestSettings, scaleSettings } from './deploymentSettings.ts';
import { onlineName } from './endpoint.ts';

const READ_ONLY = ['$schema', 'id', 'provisioning_state', 'creation_context'];

const shape = {
  name: required(onlineName('a deployment')),
  endpoint_name: required(text),
  type: oneOfSnake(['managed', 'kubernetes']),
  description: text,
  tags: mapOf(everythingAsText),
  properties: mapOf(everythingAsText),
  model: servedModel,
  code_configuration: codeConfiguration,
  environment: deploymentEnvironment,
  environment_variables: mapOf(everythingAsText),
  app_insights_enabled: boolean,
  scale_settings: scaleSettings,
  request_settings: requestSettings,
  liveness_probe: probe,
  readiness_probe: probe,
  instance_count: integer,
  instance_type: text,
  model_mount_path: text,
};
const ownShape = {
  egress_public_network_access: oneOf(['Enabled', 'Disabled']),
  private_network_connection: boolean,
  resources: containerResources,
};
/** Members that only deployments of the other kind have. */
const FOREIGN = {
  managed: ['resources'],
  kubernetes: ['egress_public_network_access', 'private_network_connection'],
};

export interface DeploymentReading {
  readonly name: string | undefined;
  readonly endpointName: string | undefined;
  readonly body: DraftMap;
}

/** An online deployment's file as its request; the location is the workspace's. */
export function onlineDeployment(
  node: YamlNode,
  scope: Scope,
  target: 'managed' | 'kubernetes',
): DeploymentReading | undefined {
  const collector = dataCollector(node);
  const instanceType = target === 'managed' ? { instance_type: required(text) } : {};
  const all = { ...shape, ...ownShape, ...instanceType, data_collector: collector };
  const read = members(node, scope, all, { ignored: READ_ONLY });
  if (!read || node.kind !== 'map') return undefined;
  for (const key of FOREIGN[target]) {
    const entry = node.entries.get(key);
    if (entry) scope.refuse(entry.key.at, `'${key}' is not known in a ${target} online deployment.`);
  }
  if (target === 'managed' && read.scale_settings?.['scaleType'] === 'TargetUtilization') {
    scope.refuse(
      node.entries.get('scale_settings')?.value.at ?? node.at,
      'A managed deployment has only the default scale settings.',
      'Scale it with Azure Monitor autoscale, or set instance_count.',
    );
  }
  const privateNetwork = read.private_network_connection;
  const network =
    privateNetwork === undefined ? {} : { 'private-network-connection': String(privateNetwork) };
  const properties = draft({
    endpointComputeType: target === 'managed' ? 'Managed' : 'Kubernetes',
    description: read.description,
    properties: { ...read.properties, ...network },
    model: read.model,
    modelMountPath: read.model_mount_path,
    codeConfiguration: read.code_configuration,
    environmentId: read.environment,
    environmentVariables: read.environment_variables ?? {},
    instanceType: read.instance_type,
    appInsightsEnabled: read.app_insights_enabled ?? false,
    scaleSettings: read.scale_settings,
    requestSettings: read.request_settings,
    livenessProbe: read.liveness_probe,
    readinessProbe: read.readiness_probe,
    egressPublicNetworkAccess: read.egress_public_network_access,
    containerResourceRequirements: read.resources,
    dataCollector: read.data_collector,
  });
  return {
    name: read.name,
    endpointName: read.endpoint_name,
    body: {
      location: new Reference({ kind: 'location' }, node.at),
      tags: read.tags ?? {},
      sku: draft({ name: 'Default', capacity: read.instance_count }),
      properties,
    },
  };
}
