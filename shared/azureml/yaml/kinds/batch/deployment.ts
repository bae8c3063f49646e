import { Reference, type Draft, type DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { everythingAsText, integer, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members, record, type Members } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { named } from '../../references/ids.ts';
import { codeConfiguration, servedModel } from '../deployment/parts.ts';
import { deploymentEnvironment } from '../environment.ts';
import type { KindReader, Reading } from '../family.ts';
import { resources, restResources } from '../job/settings.ts';
import { checkOutput, scoringBody, scoringShape } from './settings.ts';

const compute: Field<Draft> = mapped(text, (name, node) => named(name, 'computes', node));
const variables = mapOf(everythingAsText);

const shape = {
  name: required(mapped(text, (name) => name.toLowerCase())),
  endpoint_name: required(text),
  id: text,
  type: oneOf(['model', 'pipeline']),
  description: text,
  tags: mapOf(everythingAsText),
  properties: mapOf(everythingAsText),
  model: servedModel,
  code_configuration: codeConfiguration,
  environment: deploymentEnvironment,
  environment_variables: variables,
  compute,
  resources,
};
type Read = Members<typeof shape>;

/** A deployment that scores files with a model, its settings in the file itself. */
export const batchDeployment: KindReader = (node, scope) => {
  const ignored = ['$schema', 'provisioning_state', 'creation_context'];
  const read = members(node, scope, { ...shape, ...scoringShape }, { ignored });
  if (!read) return undefined;
  checkOutput(read, node, scope);
  return deploymentOf(node, read, {
    ...scoringBody(read),
    environmentVariables: read.environment_variables ?? {},
    resources: read.resources && restResources(read.resources),
  });
};

const settingsShape = {
  ...scoringShape,
  mini_batch_size: required(integer),
  instance_count: integer,
  environment_variables: variables,
};
const modelShape = {
  ...shape,
  compute: required(compute),
  error_threshold: integer,
  settings: record(settingsShape),
};

/** The same with `type: model`, its settings under `settings`; what stands there goes before what stands beside it. */
export const modelBatchDeployment: KindReader = (node, scope) => {
  const read = members(node, scope, modelShape, { ignored: ['$schema'] });
  if (!read) return undefined;
  const beside = {
    error_threshold: read.error_threshold,
    environment_variables: read.environment_variables,
  };
  const settings: Partial<Members<typeof settingsShape>> = read.settings ?? beside;
  checkOutput(settings, node, scope);
  const count = settings.instance_count;
  if (count && read.resources)
    scope.refuse(node.at, "Give the number of instances once: 'instance_count' under 'resources'.");
  return deploymentOf(node, read, {
    ...scoringBody(settings),
    environmentVariables: settings.environment_variables,
    resources: resourcesOf(read, count),
  });
};

function resourcesOf(read: Read, count: number | undefined): DraftMap | undefined {
  if (read.resources) return restResources(read.resources);
  return count ? { instanceCount: count, properties: {} } : undefined;
}

function deploymentOf(
  node: YamlMap,
  read: Read,
  scoring: Readonly<Record<string, Draft | undefined>>,
): Reading {
  const properties = draft({
    description: read.description,
    properties: read.properties ?? {},
    compute: read.compute,
    model: read.model === undefined ? undefined : { referenceType: 'Id', assetId: read.model },
    codeConfiguration: read.code_configuration,
    environmentId: read.environment,
    ...scoring,
  });
  return {
    name: read.name,
    endpointName: read.endpoint_name,
    body: { location: new Reference({ kind: 'location' }, node.at), tags: read.tags ?? {}, properties },
  };
}
