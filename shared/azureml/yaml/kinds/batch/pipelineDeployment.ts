import { Reference, type Draft, type DraftMap, type LocalVersion } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { everythingAsText, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { upload } from '../../references/local.ts';
import { ANONYMOUS_COMPONENT } from '../component/spec.ts';
import type { KindReader } from '../family.ts';
import { newShelf } from '../pipeline/readers.ts';

interface DeployedComponent {
  readonly id: Draft;
  readonly description?: Draft | undefined;
  readonly tags?: Draft;
}

/** A registered component, or the path of a file that describes one. */
const component: Field<DeployedComponent> = {
  expected: 'azureml:<name>:<version>, a registry id, or the path of a component file',
  read(node, scope) {
    const isFile = node.kind === 'scalar' && !node.text.startsWith('azureml:');
    if (node.kind !== 'scalar' || node.text.startsWith('file:')) return scope.unexpected(node, this.expected);
    const found = newShelf().read(node, scope);
    if (!found) return undefined;
    if (!isFile || found.kind !== 'local') return { id: found.id };
    const { spec } = found.reading;
    return { id: found.id, description: spec['description'], tags: spec['tags'] ?? {} };
  },
};

/** A finished pipeline job, which becomes a component. */
const job: Field<DeployedComponent> = mapped(text, (given, node, scope) => {
  if (!given.startsWith('azureml:'))
    return scope.refuse(node.at, `${scope.subject()} must be azureml:<job>, not '${given}'.`);
  const source = given.slice('azureml:'.length);
  const spec = {
    ...ANONYMOUS_COMPONENT,
    type: 'pipeline',
    jobs: {},
    sourceJobId: source,
    source_job_id: source,
  };
  const componentSpec = { ...spec, _source: 'CLASS' };
  const asset: LocalVersion = {
    kind: 'version',
    type: 'components',
    ...ANONYMOUS_COMPONENT,
    body: { properties: { componentSpec, isAnonymous: true, properties: {}, tags: {} } },
    place: node.at,
  };
  return { id: upload(asset, scope) };
});

const shape = {
  name: required(mapped(text, (name) => name.toLowerCase())),
  endpoint_name: required(text),
  type: oneOf(['model', 'pipeline']),
  description: text,
  tags: mapOf(everythingAsText),
  component,
  job_definition: job,
  settings: mapOf(everythingAsText),
};

/** A deployment that runs a pipeline at every call. */
export const pipelineBatchDeployment: KindReader = (node, scope) => {
  const read = members(node, scope, shape, { ignored: ['$schema'] });
  if (!read) return undefined;
  if (!node.entries.has('component') && !node.entries.has('job_definition'))
    scope.refuse(node.at, `${scope.subject()} needs a 'component', or a 'job_definition'.`);
  const deployed = read.component ?? read.job_definition;
  const deploymentConfiguration = draft({
    deploymentConfigurationType: 'PipelineComponent',
    componentId: deployed && { referenceType: 'Id', assetId: deployed.id },
    description: deployed?.description,
    tags: deployed?.tags,
    settings: read.settings,
  });
  const body: DraftMap = {
    location: new Reference({ kind: 'location' }, node.at),
    tags: read.tags ?? {},
    properties: draft({ description: read.description, deploymentConfiguration, ...UNUSED }),
  };
  return { name: read.name, endpointName: read.endpoint_name, body };
};

/** The reference client sends these along with every pipeline, which does not look at them. */
const UNUSED = {
  errorThreshold: -1,
  maxConcurrencyPerInstance: 1,
  miniBatchSize: 10,
  outputFileName: 'predictions.csv',
} as const;
