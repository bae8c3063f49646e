import type { Draft, DraftMap } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft, isDraftMap } from '../../draft.ts';
import { oneOf, text } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { inlineComponent, type StepComponent } from '../pipeline/components.ts';
import { givenPorts } from '../pipeline/givenPorts.ts';
import type { PortTypes } from '../pipeline/portTypes.ts';
import { nonEmpty, stepBody, stepPorts, stepShape, unknownMembers } from '../pipeline/step.ts';
import { checkTransferPorts } from './component.ts';
import { copyMode, store, TRANSFERS, type Transfer } from './settings.ts';

const shape = {
  ...stepShape,
  task: required(oneOf(TRANSFERS)),
  data_copy_mode: copyMode,
  source: store,
  sink: store,
};
const IGNORED = ['$schema', 'component', 'description'];

/** A step that runs a component for copying, importing or exporting data. */
export function transferStep(
  name: string,
  node: YamlMap,
  { component, scope }: { component: StepComponent; scope: Scope },
): DraftMap | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read) return undefined;
  const { inputs, outputs } = givenPorts(read, component, { name, node, scope });
  const spec: DraftMap = component.kind === 'local' ? component.reading.spec : {};
  return draft({
    ...unknownMembers(node, [...Object.keys(shape), ...IGNORED]),
    ...stepBody(name, 'data_transfer', component.source, read),
    componentId: component.id,
    task: spec['task'] ?? read.task,
    data_copy_mode: spec['data_copy_mode'] ?? read.data_copy_mode,
    source: read.source,
    sink: read.sink,
    ...stepPorts(inputs, outputs),
  });
}

const BUILT_IN = 'azureml://registries/azureml/components';

/** What the service offers ready-made for each direction. */
function builtIn(task: Exclude<Transfer, 'copy_data'>, type: Draft | undefined): string {
  const store = type === 'database' ? 'database' : 'file_system';
  return `${BUILT_IN}/${task}_${store}/versions/0.0.1`;
}

/** A step that says itself what to move: a copy becomes an anonymous component, the others run ready-made ones. */
export function inlineTransferStep(
  name: string,
  node: YamlMap,
  scope: Scope,
  ports: PortTypes,
): DraftMap | undefined {
  const more = { description: text, experiment_name: text };
  const read = members(node, scope, { ...shape, ...more }, { ignored: ['$schema', 'id', 'status'] });
  if (!read?.task) return undefined;
  const { task } = read;
  const inputs = ports.inputsOf(read.inputs ?? {}, node, scope);
  const outputs = ports.outputsOf(read.outputs ?? {}, node, scope);
  const given = {
    inputs: nonEmpty(inputs),
    outputs: nonEmpty(outputs),
    source: read.source,
    sink: read.sink,
  };
  checkTransferPorts(task, given, { node, scope });
  if (task === 'copy_data') checkCopy(inputs, outputs, { node, scope });
  else checkStored(task, given, { node, scope });
  const spec = draft({
    type: 'data_transfer',
    task,
    is_deterministic: true,
    description: read.description,
    tags: nonEmpty(read.tags),
    data_copy_mode: read.data_copy_mode,
    inputs: given.inputs,
    outputs: given.outputs,
  });
  const isCopy = task === 'copy_data';
  return draft({
    ...stepBody(name, 'data_transfer', isCopy ? 'YAML.JOB' : 'BUILTIN', {
      ...read,
      comment: undefined,
      properties: isCopy ? undefined : read.properties,
    }),
    componentId: isCopy
      ? inlineComponent(spec, 'data_transfer', { node, scope }).id
      : builtIn(task, (read.source ?? read.sink)?.['type']),
    task,
    data_copy_mode: read.data_copy_mode,
    source: read.source,
    sink: read.sink,
    ...stepPorts(read.inputs ?? {}, read.outputs ?? {}),
  });
}

interface Spot {
  readonly node: YamlMap;
  readonly scope: Scope;
}

function typesOf(ports: DraftMap): (Draft | undefined)[] {
  return Object.values(ports).map((port) => (isDraftMap(port) ? port['type'] : undefined));
}

/** One input is copied to an output of its type; several are merged into a folder. */
function checkCopy(inputs: DraftMap, outputs: DraftMap, { node, scope }: Spot): void {
  const [given, [output]] = [typesOf(inputs), typesOf(outputs)];
  if (given.length === 0) scope.refuse(node.at, 'A copy needs inputs.');
  else if (given.length === 1 && given[0] !== output) {
    scope.refuse(node.at, `The output of a copy must have the type of its input, ${String(given[0])}.`);
  } else if (given.length > 1 && output !== 'uri_folder') {
    scope.refuse(node.at, 'Several inputs are copied into an output of the type uri_folder.');
  }
}

/** Tables come from a database and files go to one; folders come from a file system. */
function checkStored(
  task: Exclude<Transfer, 'copy_data'>,
  {
    inputs,
    outputs,
    source,
    sink,
  }: Readonly<Record<'inputs' | 'outputs' | 'source' | 'sink', DraftMap | undefined>>,
  { node, scope }: Spot,
): void {
  if (task === 'export_data' && sink?.['type'] === 'file_system') {
    scope.unsupported(
      node.at,
      'Data is exported to databases only; the service has no export to a file system.',
    );
    return;
  }
  const [type] = typesOf((task === 'import_data' ? outputs : inputs) ?? {});
  const stored = (source ?? sink)?.['type'];
  const wanted = stored === 'file_system' ? 'uri_folder' : task === 'import_data' ? 'mltable' : 'uri_file';
  if (type === undefined || stored === undefined || type === wanted) return;
  scope.refuse(node.at, `'${task}' with a ${String(stored)} takes the type ${wanted}, not ${String(type)}.`);
}
