import type { DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { oneOf } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import {
  baseSpec,
  componentShape,
  unknownMembers,
  versionProperties,
  type ComponentReading,
} from '../component/base.ts';
import { copyMode, declaredStore, TRANSFERS, type Transfer } from './settings.ts';

const shape = {
  ...componentShape,
  type: oneOf(['data_transfer']),
  task: required(oneOf(TRANSFERS)),
  data_copy_mode: copyMode,
  source: declaredStore,
  sink: declaredStore,
};

/** A component that copies data between folders, or imports or exports it. */
export function transferComponent(node: YamlNode, scope: Scope): ComponentReading | undefined {
  const read = members(node, scope, shape, { open: true });
  if (!read || node.kind !== 'map') return undefined;
  if (read.task) checkTransferPorts(read.task, read, { node, scope });
  const spec = draft({
    ...baseSpec('data_transfer', read),
    task: read.task,
    data_copy_mode: read.data_copy_mode,
    source: read.source,
    sink: read.sink,
    ...unknownMembers(node, Object.keys(shape), scope),
  });
  return { name: read.name, version: read.version, spec, properties: versionProperties(read.properties) };
}

interface Ports {
  readonly inputs?: DraftMap | undefined;
  readonly outputs?: DraftMap | undefined;
  readonly source?: DraftMap | undefined;
  readonly sink?: DraftMap | undefined;
}

/** A copy has one output; an import has the output `sink` alone, an export the input `source` alone. */
export function checkTransferPorts(
  task: Transfer,
  { inputs, outputs, source, sink }: Ports,
  { node, scope }: { node: YamlMap; scope: Scope },
): void {
  const names = (ports: DraftMap | undefined) => Object.keys(ports ?? {}).join(', ');
  const refuse = (message: string) => scope.refuse(node.at, message);
  if (task === 'copy_data' && Object.keys(outputs ?? {}).length !== 1)
    refuse('A copy has exactly one output.');
  if (task === 'import_data') {
    if (!source) refuse("An import needs a 'source'.");
    if (inputs || names(outputs) !== 'sink') refuse("An import has no inputs and one output, named 'sink'.");
  }
  if (task === 'export_data') {
    if (!sink) refuse("An export needs a 'sink'.");
    if (outputs || names(inputs) !== 'source')
      refuse("An export has one input, named 'source', and no outputs.");
  }
}
