import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { defined, isObject, type Json } from '../../server/bodies.ts';
import { systemData } from '../../server/stamps.ts';
import type { ComputeRecord } from './records.ts';

/** The resource as answers show it, with the members only the service fills. */
export function showCompute({ identity }: WorkspaceContext, record: ComputeRecord): object {
  return defined({
    id: `${workspaceId(identity)}/computes/${record.name}`,
    name: record.name,
    type: 'Microsoft.MachineLearningServices/workspaces/computes',
    location: record.location,
    tags: record.tags,
    identity: record.identity,
    sku: record.sku,
    properties: defined({
      computeType: record.computeType,
      computeLocation: record.location,
      provisioningState: record.provisioningState,
      provisioningErrors: null,
      createdOn: record.createdAt,
      modifiedOn: record.modifiedAt,
      isAttachedCompute: record.computeType === 'Kubernetes',
      description: record.description,
      resourceId: record.resourceId,
      disableLocalAuth: record.disableLocalAuth,
      properties: { ...record.properties, ...stateOf(record) },
    }),
    systemData: systemData(record),
  });
}

function stateOf({ computeType, properties, modifiedAt, provisioningState }: ComputeRecord): Json {
  switch (computeType) {
    case 'AmlCompute':
      return clusterState(properties, modifiedAt);
    case 'ComputeInstance':
      return {
        state: provisioningState === 'Creating' ? 'Creating' : (properties.state ?? 'Running'),
        errors: null,
      };
    case 'Kubernetes':
      return {};
  }
}

/** Nodes come up at once here, so a cluster always stands at its lower limit. */
function clusterState({ scaleSettings }: Json, since: string): Json {
  const nodes = isObject(scaleSettings) ? Number(scaleSettings.minNodeCount ?? 0) : 0;
  return {
    allocationState: 'Steady',
    allocationStateTransitionTime: since,
    currentNodeCount: nodes,
    targetNodeCount: nodes,
    errors: null,
    nodeStateCounts: {
      idleNodeCount: nodes,
      runningNodeCount: 0,
      preparingNodeCount: 0,
      unusableNodeCount: 0,
      leavingNodeCount: 0,
      preemptedNodeCount: 0,
    },
  };
}
