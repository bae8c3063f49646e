import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { type ComputeNode, nodesOf } from '../../engine/computes/index.ts';
import { defined, type Json } from '../../server/bodies.ts';
import { systemData } from '../../server/stamps.ts';
import { nodeLimitsOf } from './limits.ts';
import type { ComputeRecord } from './records.ts';

/** The resource as answers show it, with the members only the service fills. */
export function showCompute(context: WorkspaceContext, record: ComputeRecord): object {
  const { identity } = context;
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
      properties: { ...record.properties, ...stateOf(context, record) },
    }),
    systemData: systemData(record),
  });
}

function stateOf(context: WorkspaceContext, record: ComputeRecord): Json {
  const { computeType, properties, modifiedAt, provisioningState } = record;
  switch (computeType) {
    case 'AmlCompute':
      return clusterState(nodesIn(context, record), modifiedAt);
    case 'ComputeInstance':
      return {
        state: provisioningState === 'Creating' ? 'Creating' : (properties.state ?? 'Running'),
        errors: null,
      };
    case 'Kubernetes':
      return {};
  }
}

/** The nodes of a compute as they are now; an attached cluster shows none. */
export function nodesIn(context: WorkspaceContext, record: ComputeRecord): ComputeNode[] {
  const limits = nodeLimitsOf(record);
  return limits === undefined || limits === 'unlimited' ? [] : nodesOf(context).list(record.name, limits);
}

/** Nodes come up at once here, so a cluster never stands between two sizes. */
function clusterState(nodes: readonly ComputeNode[], since: string): Json {
  const running = nodes.filter(({ state }) => state === 'running').length;
  return {
    allocationState: 'Steady',
    allocationStateTransitionTime: since,
    currentNodeCount: nodes.length,
    targetNodeCount: nodes.length,
    errors: null,
    nodeStateCounts: {
      idleNodeCount: nodes.length - running,
      runningNodeCount: running,
      preparingNodeCount: 0,
      unusableNodeCount: 0,
      leavingNodeCount: 0,
      preemptedNodeCount: 0,
    },
  };
}
