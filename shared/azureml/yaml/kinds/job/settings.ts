import type { Draft, DraftMap } from '../../compilation.ts';
import { draft, seconds } from '../../draft.ts';
import { anything, boolean, integer, oneOf, oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, mapOf, members } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { record } from '../../fields/collections.ts';

/** What runs where: resources of a job or a step, as read. */
export const resources = record({
  instance_count: integer,
  instance_type: text,
  properties: mapOf(anything),
  shm_size: text,
  max_instance_count: integer,
  locations: listOf(text),
  docker_args: textOrList(),
});

export type Resources = Exclude<ReturnType<(typeof resources)['read']>, undefined>;

export function restResources(read: Resources): DraftMap {
  const args = read.docker_args;
  return draft({
    instanceCount: read.instance_count,
    instanceType: read.instance_type,
    maxInstanceCount: read.max_instance_count,
    properties: withoutNulls(read.properties ?? {}),
    shmSize: read.shm_size,
    locations: read.locations,
    dockerArgs: typeof args === 'string' ? args : undefined,
    dockerArgsList: typeof args === 'string' ? undefined : args,
  });
}

function withoutNulls(properties: Readonly<Record<string, Draft>>): DraftMap {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}

function textOrList(): Field<string | string[]> {
  const list = listOf(text);
  return {
    expected: 'text or a list of texts',
    read: (node, scope) => (node.kind === 'list' ? list.read(node, scope) : text.read(node, scope)),
  };
}

/** How a command is spread over processes and nodes. */
export const distribution: Field<DraftMap> = {
  expected: 'a mapping with type pytorch, tensorflow, mpi or ray',
  read(node, scope) {
    const type = members(node, scope, { type: required(oneOf(DISTRIBUTIONS)) }, { open: true })?.type;
    if (type === undefined) return undefined;
    const common = { type: oneOf(DISTRIBUTIONS) };
    switch (type) {
      case 'pytorch':
      case 'mpi': {
        const read = members(node, scope, { ...common, process_count_per_instance: integer });
        const name = type === 'mpi' ? 'Mpi' : 'PyTorch';
        return (
          read && draft({ distributionType: name, processCountPerInstance: read.process_count_per_instance })
        );
      }
      case 'tensorflow': {
        const read = members(node, scope, {
          ...common,
          parameter_server_count: integer,
          worker_count: integer,
        });
        return (
          read &&
          draft({
            distributionType: 'TensorFlow',
            parameterServerCount: read.parameter_server_count ?? 0,
            workerCount: read.worker_count,
          })
        );
      }
      case 'ray':
        return rayDistribution.read(node, scope);
    }
  },
};

const DISTRIBUTIONS = ['pytorch', 'tensorflow', 'mpi', 'ray'] as const;

const rayDistribution = mapped(
  record({
    type: oneOf(DISTRIBUTIONS),
    port: integer,
    address: text,
    include_dashboard: boolean,
    dashboard_port: integer,
    head_node_additional_args: text,
    worker_node_additional_args: text,
  }),
  (read) =>
    draft({
      distributionType: 'Ray',
      port: read.port,
      address: read.address,
      includeDashboard: read.include_dashboard,
      dashboardPort: read.dashboard_port,
      headNodeAdditionalArgs: read.head_node_additional_args,
      workerNodeAdditionalArgs: read.worker_node_additional_args,
    }),
);

/** Who the job is while it runs. */
export const identity: Field<DraftMap> = mapped(
  record({
    type: required(oneOfSnake(['managed', 'managed_identity', 'aml_token', 'user_identity'])),
    client_id: text,
    object_id: text,
    resource_id: text,
  }),
  (read, node, scope) => {
    if (read.type === 'aml_token' || read.type === 'user_identity') {
      members(node, scope, { type: text });
      return { identityType: read.type === 'aml_token' ? 'AMLToken' : 'UserIdentity' };
    }
    return draft({
      identityType: 'Managed',
      clientId: read.client_id,
      objectId: read.object_id,
      resourceId: read.resource_id,
    });
  },
);

const TIERS = {
  null: 'Null',
  spot: 'Spot',
  basic: 'Basic',
  standard: 'Standard',
  premium: 'Premium',
} as const;
const PRIORITIES = { low: 1, medium: 2, high: 3 } as const;

export const queueSettings: Field<DraftMap> = mapped(
  record({
    job_tier: oneOf(['null', 'spot', 'basic', 'standard', 'premium']),
    priority: oneOf(['low', 'medium', 'high']),
  }),
  (read) =>
    draft({
      jobTier: read.job_tier === undefined ? undefined : TIERS[read.job_tier],
      priority: read.priority === undefined ? undefined : PRIORITIES[read.priority],
    }),
);

export const commandLimits: Field<DraftMap> = mapped(record({ timeout: integer }), (read) =>
  draft({ jobLimitsType: 'Command', timeout: seconds(read.timeout) }),
);
