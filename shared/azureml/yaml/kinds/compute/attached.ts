import { readFileSync } from 'node:fs';
import { Secret, type Draft, type DraftMap } from '../../compilation.ts';
import { draft, isDraftMap } from '../../draft.ts';
import { anything, integer, text } from '../../fields/basic.ts';
import { mapOf, members, record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { confidential, secret } from '../../fields/secret.ts';
import { existingPath } from '../../references/paths.ts';
import type { KindReader } from '../family.ts';
import { COMPUTE_IGNORED, computeResource, computeShape, warnOfLocation, workspaceLocation } from './base.ts';
import { computeIdentity } from './identity.ts';

const attachedShape = { ...computeShape, resource_id: required(text) };

const keyFile: Field<Secret> = mapped(text, (path, node, scope) => {
  const file = existingPath(path, node, scope, 'file');
  return file === undefined ? undefined : new Secret(readFileSync(file, 'utf8'));
});

const machineLogin: Field<DraftMap> = mapped(
  record({
    admin_username: required(text),
    admin_password: secret,
    ssh_port: integer,
    ssh_private_key_file: keyFile,
  }),
  (read) =>
    draft({
      sshPort: read.ssh_port ?? 22,
      administratorAccount: draft({
        username: read.admin_username,
        password: read.admin_password,
        privateKeyData: read.ssh_private_key_file,
      }),
    }),
);

/** A virtual machine of one's own; without a login it cannot be attached. */
export const virtualMachine: KindReader = (node, scope) => {
  const shape = { ...attachedShape, ssh_settings: required(machineLogin) };
  const read = members(node, scope, shape, { ignored: [...COMPUTE_IGNORED, 'compute_location'] });
  if (!read) return undefined;
  warnOfLocation(node, scope);
  const properties = draft({
    computeType: 'VirtualMachine',
    description: read.description,
    resourceId: read.resource_id,
    properties: read.ssh_settings,
  });
  return computeResource(node, read, { properties });
};

/** Free settings of a cluster, two of which are keys. */
const clusterSettings: Field<Record<string, Draft>> = confidential(
  mapped(mapOf(anything), (read) => {
    const keys = ['relayConnectionString', 'serviceBusConnectionString'];
    const hidden = keys.flatMap((key) => {
      const value = read[key];
      return typeof value === 'string' ? [[key, new Secret(value)] as const] : [];
    });
    return { ...read, ...Object.fromEntries(hidden) };
  }),
);

export const kubernetesCompute: KindReader = (node, scope) => {
  const own = { namespace: text, properties: clusterSettings, identity: computeIdentity };
  const read = members(node, scope, { ...computeShape, ...own }, { ignored: COMPUTE_IGNORED });
  if (!read) return undefined;
  warnOfLocation(node, scope);
  const namespace = read.namespace ?? 'default';
  const inner = read.properties?.['properties'];
  const properties = draft({
    computeType: 'Kubernetes',
    computeLocation: workspaceLocation(node),
    description: read.description,
    resourceId: read.resource_id,
    properties: {
      ...read.properties,
      ...(isDraftMap(inner) ? { properties: { ...inner, namespace } } : {}),
      namespace,
    },
  });
  return computeResource(node, read, { properties });
};

const SPARK_IGNORED = [...COMPUTE_IGNORED, 'node_family', 'node_size', 'node_count', 'spark_version'];
const scale = record({}, { ignored: ['min_node_count', 'max_node_count', 'auto_scale_enabled'] });
const pause = record({}, { ignored: ['delay_in_minutes', 'auto_pause_enabled'] });

/** A Spark pool of a Synapse workspace; its size is the pool's own affair. */
export const synapseSpark: KindReader = (node, scope) => {
  const own = { identity: computeIdentity, scale_settings: scale, auto_pause_settings: pause };
  const read = members(node, scope, { ...attachedShape, ...own }, { ignored: SPARK_IGNORED });
  if (!read) return undefined;
  warnOfLocation(node, scope);
  const properties = draft({
    computeType: 'SynapseSpark',
    description: read.description,
    resourceId: read.resource_id,
  });
  return computeResource(node, read, { properties });
};
