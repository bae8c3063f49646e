import type { ComponentKind } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import type { Scope } from '../../fields/scope.ts';
import type { Family, KindReader } from '../family.ts';
import { byType } from '../type.ts';
import { parallelComponent } from '../parallel/component.ts';
import { pipelineComponent } from '../pipeline/component.ts';
import { newShelf } from '../pipeline/readers.ts';
import { sparkComponent } from '../spark/component.ts';
import { transferComponent } from '../transfer/component.ts';
import type { ComponentReading } from './base.ts';
import { commandComponent } from './command.ts';
import { componentBody } from './spec.ts';

const TYPES: Readonly<Record<string, ComponentKind>> = {
  command: 'commandComponent',
  pipeline: 'pipelineComponent',
  spark: 'sparkComponent',
  parallel: 'parallelComponent',
  data_transfer: 'dataTransferComponent',
};
/** Types the reference client knows beside these, which are not offered. */
const OTHER_TYPES = ['automl', 'sweep', 'import', 'flow_parallel'];

export const components: Family<'component'> = {
  noun: 'a component',
  choose: (root, scope) =>
    root.entries.has('type')
      ? byType(root, scope, { what: 'component', types: TYPES, others: OTHER_TYPES })
      : 'commandComponent',
  readers: {
    commandComponent: registered(commandComponent),
    pipelineComponent: registered((root, scope) => pipelineComponent(root, scope, newShelf())),
    sparkComponent: registered(sparkComponent),
    parallelComponent: registered(parallelComponent),
    dataTransferComponent: registered(transferComponent),
  },
};

/** A component that is registered under the name its file gives. */
function registered(read: (root: YamlMap, scope: Scope) => ComponentReading | undefined): KindReader {
  return (root, scope) => {
    const component = read(root, scope);
    if (!component) return undefined;
    const { name, version, spec, properties } = component;
    checkName(name, root, scope);
    const named = { ...spec, ...(name === undefined ? {} : { name }) };
    const full = { ...named, ...(version === undefined ? {} : { version }) };
    return {
      name,
      version,
      body: componentBody(full, { source: 'YAML.COMPONENT', isAnonymous: false, properties }),
    };
  };
}

function checkName(name: string | undefined, root: YamlMap, scope: Scope): void {
  const at = root.entries.get('name')?.value.at ?? root.at;
  if (!root.entries.has('name')) scope.refuse(at, "The component needs a 'name'.");
  else if (name !== undefined && !/^[a-z][a-z\d_]*$/.test(name)) {
    scope.refuse(at, `The component name '${name}' may hold only small letters, digits and underscores.`);
  }
}
