import type { Draft, DraftMap } from '../../compilation.ts';
import { draft, isDraftMap, mapValues, seconds } from '../../draft.ts';
import { anything, boolean, integer, oneOf, text } from '../../fields/basic.ts';
import { listOf, mapOf, members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { named } from '../../references/ids.ts';
import { hasBinding } from '../../references/paths.ts';
import { bindable } from './binding.ts';

/** Steps are sent in snake case; what users name themselves (`properties`) keeps its keys. */
export function snakeCased(value: DraftMap): DraftMap;
export function snakeCased(value: Draft): Draft;
export function snakeCased(value: Draft): Draft {
  if (!isDraftMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      snakeKey(key),
      key === 'properties' ? member : snakeCased(member),
    ]),
  );
}

function snakeKey(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Services by name: the names are the user's, what they hold is snake case. */
export function snakeServices(services: Readonly<Record<string, DraftMap>>): DraftMap {
  return mapValues(services, snakeCased);
}

/** Where a step runs. Unlike a job's, a step's `local` is the name of a compute. */
export const stepCompute: Field<Draft> = mapped(text, (name, node) =>
  hasBinding(name) ? name : named(name, 'computes', node),
);

export const stepResources: Field<DraftMap> = mapped(
  record({
    instance_count: bindable(integer),
    instance_type: text,
    properties: bindable(mapOf(anything)),
    shm_size: text,
    max_instance_count: bindable(integer),
    locations: bindable(listOf(text)),
    docker_args: text,
  }),
  (read) => withoutEmpty(draft(read)),
);

/** Empty mappings inside a step's settings are not sent. */
export function withoutEmpty(map: DraftMap): DraftMap {
  const filled = Object.entries(map).filter(
    ([, value]) => !isDraftMap(value) || Object.keys(value).length > 0,
  );
  return Object.fromEntries(filled);
}

export const stepLimits: Field<DraftMap> = mapped(record({ timeout: bindable(integer) }), ({ timeout }) =>
  draft({ job_limits_type: 'Command', timeout: typeof timeout === 'string' ? timeout : seconds(timeout) }),
);

const TYPES = { pytorch: 'PyTorch', tensorflow: 'TensorFlow', mpi: 'Mpi', ray: 'Ray' } as const;

export const stepDistribution: Field<DraftMap> = {
  expected: 'a mapping with type pytorch, tensorflow, mpi or ray',
  read(node, scope) {
    const word = oneOf(['pytorch', 'tensorflow', 'mpi', 'ray']);
    const type = members(node, scope, { type: required(word) }, { open: true })?.type;
    if (type === undefined) return undefined;
    const count = bindable(integer);
    switch (type) {
      case 'pytorch':
      case 'mpi': {
        const read = members(node, scope, { type: text, process_count_per_instance: count });
        const processes = read?.process_count_per_instance;
        return read && draft({ distribution_type: TYPES[type], process_count_per_instance: processes });
      }
      case 'tensorflow': {
        const read = members(node, scope, { type: text, parameter_server_count: count, worker_count: count });
        const servers = read?.parameter_server_count ?? 0;
        return (
          read &&
          draft({
            distribution_type: TYPES[type],
            parameter_server_count: servers,
            worker_count: read.worker_count,
          })
        );
      }
      case 'ray': {
        const port = { port: count, dashboard_port: count, include_dashboard: bindable(boolean) };
        const args = { address: text, head_node_additional_args: text, worker_node_additional_args: text };
        const read = members(node, scope, { type: text, ...port, ...args });
        return read && draft({ ...read, type: undefined, distribution_type: TYPES[type] });
      }
    }
  },
};
