import type { DraftMap } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { draft, mapValues } from '../../draft.ts';
import { anything, anyText, boolean, integer, jsonOf, oneOf, text, version } from '../../fields/basic.ts';
import { listOf, mapOf, members } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import { nearest } from '../../fields/nearest.ts';
import type { Scope } from '../../fields/scope.ts';
import { code } from '../../references/code.ts';
import { environment } from '../environment.ts';
import { resources } from '../job/settings.ts';
import { componentInputs, componentOutputs } from './ports.ts';
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
  $schema: text,
  name: text,
  version,
  type: oneOf(['command']),
  display_name: text,
  description: text,
  tags: mapOf(text),
  properties: mapOf(anything),
  is_deterministic: boolean,
  inputs: componentInputs,
  outputs: componentOutputs,
  command: required(text),
  code,
  environment: required(environment),
  environment_variables: mapOf(anyText),
  resources: { ...resources, read: (node: YamlNode, scope: Scope) => looseResources(node, scope) },
  distribution: specDistribution,
  additional_includes: listOf(text),
};
const READ_ONLY = ['id', 'creation_context', 'latest_version', 'auto_delete_setting', 'schema'];

/** A component's resources may hold more than is known here; only what is known is sent. */
function looseResources(node: YamlNode, scope: Scope): ReturnType<(typeof resources)['read']> {
  if (node.kind !== 'map') return resources.read(node, scope);
  const known = [...node.entries].filter(([key]) => RESOURCE_KEYS.includes(key));
  return resources.read({ ...node, entries: new Map(known) }, scope);
}
const RESOURCE_KEYS = [
  'instance_count',
  'instance_type',
  'shm_size',
  'max_instance_count',
  'locations',
  'docker_args',
  'properties',
];

export interface ComponentReading {
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** The specification without name and version. */
  readonly spec: DraftMap;
  /** Properties of the version, as text. */
  readonly properties: DraftMap;
}

/** A command component as it is written in a file of its own or in a step. */
export function commandComponent(node: YamlNode, scope: Scope): ComponentReading | undefined {
  const read = members(node, scope, shape, { ignored: READ_ONLY, open: true });
  if (!read || node.kind !== 'map') return undefined;
  if (node.entries.has('additional_includes') && (read.additional_includes ?? []).length > 0) {
    scope.unsupported(
      node.at,
      "'additional_includes' is not offered.",
      'Put the shared files under the code folder.',
    );
  }
  tellUnknown(node, scope);
  checkBindings(read.command, { node, inputs: read.inputs ?? {}, outputs: read.outputs ?? {} }, scope);
  const spec = draft({
    $schema: read.$schema,
    ...commandSpec({
      command: read.command,
      code: read.code,
      environment: read.environment,
      inputs: read.inputs ?? {},
      outputs: read.outputs ?? {},
      resources: read.resources,
      distribution: read.distribution,
      description: read.description,
      tags: read.tags,
    }),
    display_name: read.display_name,
    is_deterministic: read.is_deterministic ?? true,
    properties: read.properties,
    ...unknownMembers(node),
  });
  const properties = mapValues(read.properties ?? {}, (value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return { name: read.name, version: read.version, spec, properties };
}

/** Keys nobody here knows go along as they are: the service may know them. */
function unknownMembers(node: YamlMap): DraftMap {
  const known = [...Object.keys(shape), ...READ_ONLY];
  return Object.fromEntries(
    [...node.entries].filter(([key]) => !known.includes(key)).map(([key, { value }]) => [key, jsonOf(value)]),
  );
}

/** A slip of the pen would go along unseen, so words close to a known one are told. */
function tellUnknown(node: YamlMap, scope: Scope): void {
  const known = [...Object.keys(shape), ...READ_ONLY];
  for (const [name, { key }] of node.entries) {
    const guess = known.includes(name) ? undefined : nearest(name, known);
    if (guess)
      scope.warn(
        key.at,
        `'${name}' is not known in a component and is sent as it is. Did you mean '${guess}'?`,
      );
  }
}

/** Every `${{inputs.x}}` and `${{outputs.x}}` of a command must be declared. */
export function checkBindings(
  command: string | undefined,
  { node, inputs, outputs }: { node: YamlMap; inputs: DraftMap; outputs: DraftMap },
  scope: Scope,
): void {
  const at = node.entries.get('command')?.value.at ?? node.at;
  for (const [, kind, name] of (command ?? '').matchAll(/\$\{\{\s*(inputs|outputs)\.([\w.-]+)\s*\}\}/g)) {
    const declared = kind === 'inputs' ? inputs : outputs;
    const root = name!.split('.')[0]!;
    const isKnown = Object.keys(declared).some((key) => key === name || key.split('.')[0] === root);
    if (!isKnown) scope.refuse(at, `The command reads '${kind}.${name}', which is not declared.`);
  }
}
