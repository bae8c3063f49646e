import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { anything, integer, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';

const TYPES = {
  ssh: 'SSH',
  tensor_board: 'TensorBoard',
  vs_code: 'VSCode',
  jupyter_lab: 'JupyterLab',
} as const;
/** Names that the service gives to its own services; they are accepted and nothing is sent for them. */
const OTHER_TYPES = ['Custom', 'Studio', 'Tracking', 'JupyterLab', 'SSH', 'TensorBoard', 'VSCode'] as const;
const READ_ONLY = ['endpoint', 'status', 'error_message'];

/** One interactive service of a job: SSH, TensorBoard, VS Code or JupyterLab. */
const service: Field<DraftMap> = {
  expected: 'a mapping with a type',
  read(node, scope) {
    const type = members(node, scope, { type: oneOf([...typeNames(), ...OTHER_TYPES]) }, { open: true });
    const read = members(
      node,
      scope,
      {
        type: text,
        port: integer,
        nodes: oneOf(['all'], { exactCase: true }),
        properties: mapOf(anything),
        ...(type?.type === 'ssh' || type?.type === undefined ? { ssh_public_keys: text } : {}),
        ...(type?.type === 'tensor_board' ? { log_dir: text } : {}),
      },
      { ignored: READ_ONLY },
    );
    if (!read || !type) return undefined;
    const known = type.type ?? 'ssh';
    const extra = draft({
      sshPublicKeys: stringOf(read['ssh_public_keys']),
      logDir: stringOf(read['log_dir']),
    });
    const properties = { ...read.properties, ...extra };
    return draft({
      jobServiceType: isType(known) ? TYPES[known] : undefined,
      nodes: read.nodes === undefined ? undefined : { nodesValueType: 'All' },
      port: read.port,
      properties: Object.keys(properties).length > 0 ? properties : undefined,
    });
  },
};

function typeNames(): (keyof typeof TYPES)[] {
  return ['ssh', 'tensor_board', 'vs_code', 'jupyter_lab'];
}

function isType(name: string): name is keyof typeof TYPES {
  return name in TYPES;
}

function stringOf(value: unknown): Draft | undefined {
  return typeof value === 'string' ? value : undefined;
}

export const services: Field<Record<string, DraftMap>> = mapOf(service);
