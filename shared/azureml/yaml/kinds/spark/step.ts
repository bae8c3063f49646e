import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft, isDraftMap } from '../../draft.ts';
import { text } from '../../fields/basic.ts';
import { members, type Members } from '../../fields/collections.ts';
import type { Scope } from '../../fields/scope.ts';
import { versionProperties } from '../component/base.ts';
import { identity } from '../job/settings.ts';
import type { JobInput } from '../job/inputs.ts';
import { outputType, type JobOutput } from '../job/outputs.ts';
import { services } from '../job/services.ts';
import { inlineComponent, type StepComponent } from '../pipeline/components.ts';
import { givenPorts } from '../pipeline/givenPorts.ts';
import type { PortTypes } from '../pipeline/portTypes.ts';
import { nonEmpty, stepBody, stepPorts, stepShape, unknownMembers } from '../pipeline/step.ts';
import { snakeCased } from '../pipeline/stepSettings.ts';
import { componentCode } from '../../references/code.ts';
import { hasBinding } from '../../references/paths.ts';
import { checkConf, confSpec, mergedConf, NO_CONF, startedConf, type SparkConf } from './conf.ts';
import { checkDirect } from './direct.ts';
import { checkPlacement, identityOf, sparkResources } from './placement.ts';
import { checkArguments, checkEntry, codeOf, sparkShape } from './settings.ts';
import { sparkSpec } from './spec.ts';

const { entry, properties: _properties, ...sparkMembers } = sparkShape;
const ownShape = { ...stepShape, identity, resources: sparkResources };
const shape = { ...ownShape, ...sparkMembers, entry: { ...entry, isRequired: false } };
const IGNORED = ['$schema', 'component', 'code', 'description'];

/** A step that runs a Spark component: of a local one it repeats what is run, and may change its configuration. */
export function sparkStep(
  name: string,
  node: YamlMap,
  { component, scope }: { component: StepComponent; scope: Scope },
): DraftMap | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read) return undefined;
  const ports = givenPorts(read, component, { name, node, scope });
  const isLocal = component.kind === 'local';
  const given = read.conf ?? NO_CONF;
  const conf = startedConf(isLocal ? mergedConf(given, component.reading.conf ?? NO_CONF) : given);
  if (isLocal) checkConf(conf, node.entries.get('conf')?.value ?? node, scope);
  const run: Readonly<Record<string, Draft | undefined>> = isLocal
    ? component.reading.spec
    : {
        entry: read.entry && { file: read.entry.name },
        py_files: read.py_files,
        jars: read.jars,
        files: read.files,
        archives: read.archives,
        args: read.args,
      };
  return draft({
    ...unknownMembers(node, [...Object.keys(shape), ...IGNORED]),
    ...stepBody(name, 'spark', component.source, read),
    componentId: component.id,
    ...sparkNode(read, { node, scope, conf, run, component, ...ports }),
    resources: read.resources && smallLetters(read.resources),
  });
}

const inlineShape = {
  ...ownShape,
  ...sparkShape,
  code: componentCode,
  description: text,
  experiment_name: text,
  services,
};

/** A step that says itself what to run: an anonymous component is made of it. */
export function inlineSparkStep(
  name: string,
  node: YamlMap,
  scope: Scope,
  types: PortTypes,
): DraftMap | undefined {
  const { comment: _, ...shape } = inlineShape;
  const read = members(node, scope, shape, { ignored: ['$schema', 'id', 'status', 'creation_context'] });
  if (!read) return undefined;
  const [inputs, outputs] = [read.inputs ?? {}, read.outputs ?? {}];
  const conf = startedConf(read.conf ?? NO_CONF);
  const code = codeOf(read.code, { code: componentCode, node, scope });
  checkConf(conf, node.entries.get('conf')?.value ?? node, scope);
  checkEntry(read.entry, { code, node, scope });
  const spec = draft({
    type: 'spark',
    is_deterministic: true,
    description: read.description,
    tags: nonEmpty(read.tags),
    inputs: nonEmpty(types.inputsOf(inputs, node, scope)),
    outputs: nonEmpty(types.outputsOf(outputs, node, scope)),
    ...sparkSpec({ ...read, code, conf }),
  });
  const properties = isDraftMap(spec['properties']) ? spec['properties'] : undefined;
  const component = inlineComponent(spec, 'spark', {
    node,
    scope,
    conf,
    properties: versionProperties(properties),
  });
  return draft({
    ...stepBody(name, 'spark', 'YAML.JOB', { ...read, comment: undefined, properties: undefined }),
    properties,
    componentId: component.id,
    ...sparkNode(read, { node, scope, conf, run: spec, component, inputs, outputs }),
  });
}

interface Parts {
  readonly node: YamlMap;
  readonly scope: Scope;
  readonly conf: SparkConf;
  /** What is run, as in a specification. */
  readonly run: Readonly<Record<string, Draft | undefined>>;
  readonly component: StepComponent;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput | null>>;
}

/** The members that only a Spark step has, checked together. */
function sparkNode(
  read: Pick<Members<typeof ownShape>, 'compute' | 'resources' | 'identity'>,
  { node, scope, conf, run, component, inputs, outputs }: Parts,
): Record<string, Draft | undefined> {
  const declared = component.kind === 'local' ? portsOf(component.reading.spec) : NO_PORTS;
  const args = typeof run['args'] === 'string' ? run['args'] : undefined;
  checkPlacement(read, node, scope);
  checkDirect({ inputs, outputs }, { node, scope, declared });
  checkArguments(args, [...Object.keys(inputs), ...Object.keys(declared.inputs)], { node, scope });
  const { entry } = run;
  return {
    entry: isDraftMap(entry) ? { ...entry, spark_job_entry_type: 'SparkJobPythonEntry' } : undefined,
    py_files: run['py_files'],
    jars: run['jars'],
    files: run['files'],
    archives: run['archives'],
    args,
    conf: confSpec(conf),
    identity: snakeCased(identityOf(read.identity, read.compute)),
    resources: read.resources,
    ...stepPorts(inputs, typed(outputs, declared.outputs)),
  };
}

/** A step with a component sends the size of a machine in small letters, unlike one that says itself what to run. */
function smallLetters({ instance_type: size, ...others }: DraftMap): DraftMap {
  const sent = typeof size === 'string' && !hasBinding(size) ? size.toLowerCase() : size;
  return draft({ instance_type: sent, ...others });
}

const NO_PORTS = { inputs: {}, outputs: {} } as const;

function portsOf({ inputs, outputs }: DraftMap): { inputs: DraftMap; outputs: DraftMap } {
  return { inputs: isDraftMap(inputs) ? inputs : {}, outputs: isDraftMap(outputs) ? outputs : {} };
}

/** An output without a type has the one its component declares. */
function typed(
  outputs: Readonly<Record<string, JobOutput | null>>,
  declared: DraftMap,
): Record<string, JobOutput | null> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => {
      const port = declared[name];
      const type = isDraftMap(port) ? port['type'] : undefined;
      return [name, output && output.type === undefined ? { ...output, type: outputType(type) } : output];
    }),
  );
}
