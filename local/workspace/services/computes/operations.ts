import type { WorkspaceContext } from '../../context.ts';
import { nodesOf } from '../../engine/computes/index.ts';
import { keyOf, type Computes } from './find.ts';
import type { ComputeRecord } from './records.ts';

/** What happens to a compute behind its operations; here it is over at once, unless a fault says otherwise. */
export function computeOperations(context: WorkspaceContext, computes: Computes) {
  const { operations } = context;
  return {
    settle: operations.task<{ name: string }>({
      name: 'compute.settle',
      kind: 'compute',
      work: async ({ name }) => {
        await change(computes, name, (known) => ({ ...known, provisioningState: 'Succeeded' }));
        nodesOf(context).changed(name);
      },
    }),
    /** A stopped instance keeps jobs waiting until it is started again. */
    run: operations.task<{ name: string; state: 'Running' | 'Stopped' }>({
      name: 'compute.run',
      kind: 'computeinstance',
      work: async ({ name, state }) => {
        await change(computes, name, (known) => ({ ...known, properties: { ...known.properties, state } }));
        nodesOf(context).changed(name);
      },
    }),
    delete: operations.task<{ name: string }>({
      name: 'compute.delete',
      kind: 'computedelete',
      work: async ({ name }) => {
        await computes.delete(keyOf(name));
        nodesOf(context).changed(name);
      },
    }),
  };
}

/** What calls that write need. */
export interface ComputeCalls {
  readonly context: WorkspaceContext;
  readonly computes: Computes;
  readonly begin: ReturnType<typeof computeOperations>;
}

async function change(
  computes: Computes,
  name: string,
  how: (known: ComputeRecord) => ComputeRecord,
): Promise<void> {
  await computes.update(keyOf(name), (known) => (known === undefined ? undefined : how(known)));
}
