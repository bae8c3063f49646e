import type { WorkspaceContext } from '../../context.ts';
import { stamp } from '../../server/stamps.ts';
import { computesOf, keyOf } from './find.ts';
import { readCompute, type ComputeRecord } from './records.ts';

/** The cluster a new workspace has, so that jobs written for one run without a step before. */
const SEED = { name: 'cpu-cluster', vmSize: 'STANDARD_DS3_V2', maxNodeCount: 4 };

/** Makes the cluster of a new workspace, once: one that was deleted stays deleted. */
export async function seedComputes(context: WorkspaceContext): Promise<void> {
  const seeded = context.store.collection<boolean>('seeded');
  if (seeded.get('computes')) return;
  const body = {
    properties: {
      computeType: 'AmlCompute',
      properties: {
        vmSize: SEED.vmSize,
        scaleSettings: { minNodeCount: 0, maxNodeCount: SEED.maxNodeCount },
      },
    },
  };
  const record: ComputeRecord = {
    ...stamp(context.clock, { name: 'workspace' }),
    name: SEED.name,
    provisioningState: 'Succeeded',
    ...readCompute(body, context.identity.location),
  };
  await context.store.transaction(() => {
    void computesOf(context).put(keyOf(SEED.name), record);
    void seeded.put('computes', true);
  });
}
