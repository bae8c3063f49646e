import type { DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { anyText, boolean, integer, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { environment } from '../environment.ts';
import {
  baseSpec,
  componentShape,
  unknownMembers,
  versionProperties,
  type ComponentReading,
} from './base.ts';
import { codeWithIncludes, includes, includesAlone } from './includes.ts';
import { looseResources } from './resources.ts';
import { commandSpec } from './spec.ts';

const DISTRIBUTIONS = ['pytorch', 'tensorflow', 'mpi', 'ray'] as const;

/** How a component's command is spread: kept in the file's own words. */
export const specDistribution: Field<DraftMap> = {
  expected: 'a mapping with type pytorch, tensorflow, mpi or ray',
  read(node, scope) {
    const type = members(node, scope, { type: required(oneOf(DISTRIBUTIONS)) }, { open: true })?.type;
    if (type === undefined) return undefined;
    const counts = {
      process_count_per_instance: integer,
      parameter_server_count: integer,
      worker_count: integer,
    };
    const ray = { port: integer, address: text, include_dashboard: boolean, dashboard_port: integer };
    const more = { head_node_additional_args: text, worker_node_additional_args: text };
    const read = members(node, scope, { type: text, ...counts, ...ray, ...more }, { open: true });
    const servers =
      type === 'tensorflow' ? { parameter_server_count: read?.parameter_server_count ?? 0 } : {};
    return read && draft({ ...read, ...servers, type });
  },
};

const shape = {
  ...componentShape,
  type: oneOf(['command']),
  command: required(text),
  environment: required(environment),
  environment_variables: mapOf(anyText),
  resources: looseResources,
  distribution: specDistribution,
  additional_includes: includes,
};

/** A command component as it is written in a file of its own or in a step. */
export function commandComponent(node: YamlNode, scope: Scope): ComponentReading | undefined {
  if (node.kind !== 'map') return scope.unexpected(node, 'a mapping');
  const all = { ...shape, code: codeWithIncludes(node) };
  const read = members(node, scope, all, { open: true });
  if (!read) return undefined;
  checkBindings(read.command, { node, inputs: read.inputs ?? {}, outputs: read.outputs ?? {} }, scope);
  const spec = draft({
    ...baseSpec('command', read),
    ...commandSpec({
      ...read,
      code: includesAlone(node, scope) ?? read.code,
      inputs: read.inputs ?? {},
      outputs: read.outputs ?? {},
    }),
    additional_includes: read.additional_includes?.length ? read.additional_includes : undefined,
    properties: read.properties,
    ...unknownMembers(node, Object.keys(all), scope),
  });
  return { name: read.name, version: read.version, spec, properties: versionProperties(read.properties) };
}

/** Every `${{inputs.x}}` and `${{outputs.x}}` of a command must be declared, and nothing else can be read. */
export function checkBindings(
  command: string | undefined,
  { node, inputs, outputs }: { node: YamlMap; inputs: DraftMap; outputs: DraftMap },
  scope: Scope,
): void {
  const at = node.entries.get('command')?.value.at ?? node.at;
  for (const [whole, inside = ''] of (command ?? '').matchAll(/\$\{\{\s*(\S*?)\s*\}\}/g)) {
    const [kind = '', root] = inside.split('.');
    const declared = kind === 'inputs' ? inputs : kind === 'outputs' ? outputs : undefined;
    if (!declared && !(kind in shape))
      scope.refuse(at, `The command reads '${whole}', which is neither an input nor an output.`);
    else if (
      declared &&
      root !== undefined &&
      !Object.keys(declared).some((key) => key.split('.')[0] === root)
    )
      scope.refuse(at, `The command reads '${inside}', which is not declared.`);
  }
}
