import type { Draft, DraftMap } from '../../compilation.ts';
import { draft, isDraftMap, mapValues } from '../../draft.ts';
import { jsonOf, oneOf } from '../../fields/basic.ts';
import { record } from '../../fields/collections.ts';
import { mapped, type Field } from '../../fields/field.ts';
import { services } from '../job/services.ts';
import { resources } from '../job/settings.ts';

/** Checked as everywhere, sent as it stands in the file. */
function asWritten(field: Field<unknown>): Field<DraftMap> {
  return mapped(field, (_, node) => {
    const json = jsonOf(node);
    return isDraftMap(json) ? json : undefined;
  });
}

const queueSettings = mapped(
  record({
    job_tier: oneOf(['null', 'spot', 'basic', 'standard', 'premium']),
    priority: oneOf(['low', 'medium', 'high']),
  }),
  (read) => draft(read),
);

/** Members that the reference client sends in the file's own words, also for an AutoML job of its own. */
export const written = {
  services: asWritten(services),
  resources: asWritten(resources),
  queue_settings: queueSettings,
};

const RESOURCE_MEMBERS = [
  'docker_args',
  'instance_count',
  'instance_type',
  'locations',
  'max_instance_count',
  'shm_size',
];

/** Resources of a job of its own: null for what is left out, and nothing of `properties`. */
export function writtenResources(given: DraftMap): DraftMap {
  return withNulls(given, RESOURCE_MEMBERS);
}

const TYPES = ['ssh', 'tensor_board', 'vs_code', 'jupyter_lab'];
const OWN_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  ssh: ['ssh_public_keys'],
  tensor_board: ['log_dir'],
};

/** Services of a job of its own, likewise; a type that only the service gives is null. */
export function writtenServices(given: DraftMap): DraftMap {
  return mapValues(given, (service): Draft => {
    if (!isDraftMap(service)) return service;
    const word = service['type'] === undefined ? 'ssh' : String(service['type']).toLowerCase();
    const type = TYPES.includes(word) ? word : null;
    const own = (type !== null && OWN_MEMBERS[type]) || [];
    return { ...withNulls(service, ['endpoint', 'nodes', 'port', 'properties', ...own]), type };
  });
}

function withNulls(map: DraftMap, names: readonly string[]): DraftMap {
  return Object.fromEntries(names.map((name) => [name, map[name] ?? null]));
}
