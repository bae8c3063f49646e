import type { WorkspaceContext } from '../../context.ts';
import { ComputeNodes } from './nodes.ts';

export { ComputeNodes } from './nodes.ts';
export type { ComputeNode, NodeLimits } from './nodes.ts';

const known = new WeakMap<WorkspaceContext, ComputeNodes>();

/** The nodes of all computes of a workspace. */
export function nodesOf(context: WorkspaceContext): ComputeNodes {
  const nodes = known.get(context) ?? new ComputeNodes(context.clock);
  known.set(context, nodes);
  return nodes;
}
