import type { Field } from '../../fields/field.ts';
import { resources, type Resources } from '../job/settings.ts';

const KEYS = [
  'instance_count',
  'instance_type',
  'shm_size',
  'max_instance_count',
  'locations',
  'docker_args',
  'properties',
];

/** A component's resources may hold more than is known here; only what is known is sent. */
export const looseResources: Field<Resources> = {
  ...resources,
  read(node, scope) {
    if (node.kind !== 'map') return resources.read(node, scope);
    const known = [...node.entries].filter(([key]) => KEYS.includes(key));
    return resources.read({ ...node, entries: new Map(known) }, scope);
  },
};
