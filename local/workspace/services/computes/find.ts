import type { WorkspaceContext } from '../../context.ts';
import { failure } from '../../server/failures.ts';
import type { Collection } from '../../store/store.ts';
import type { ComputeRecord } from './records.ts';

const TYPE = 'Microsoft.MachineLearningServices/workspaces/computes';

export type Computes = Collection<ComputeRecord>;

/** The compute of this name, whatever its case; for services that run something on it. */
export function findCompute(context: WorkspaceContext, name: string): ComputeRecord | undefined {
  return computesOf(context).get(keyOf(name));
}

/** As `findCompute`; what is not there is refused as Resource Manager does. */
export function find(computes: Computes, { identity }: WorkspaceContext, name: string): ComputeRecord {
  const record = computes.get(keyOf(name));
  if (record) return record;
  throw failure(
    404,
    'ResourceNotFound',
    `The resource '${TYPE.replace('/computes', `/${identity.workspaceName}/computes`)}/${name}' under resource group '${identity.resourceGroup}' was not found.`,
  );
}

/** All of them, by `keyOf` their names. */
export function computesOf(context: WorkspaceContext): Computes {
  return context.store.collection<ComputeRecord>('computes');
}

/** Names are compared without case. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}
