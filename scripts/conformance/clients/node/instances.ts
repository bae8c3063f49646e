import type { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import assert from 'node:assert/strict';
import type { Life } from './life.ts';

const GROUP = 'computeOperations';
const fast = { updateIntervalInMs: 200 };

/** What can be asked of a compute instance, and of computes with keys, which are attached ones. */
export async function instances(
  life: Life,
  { computeOperations }: Pick<AzureMachineLearningWorkspaces, 'computeOperations'>,
  where: readonly [group: string, workspace: string],
): Promise<void> {
  const at = [...where, 'js-desk'] as const;
  const state = async (): Promise<string | undefined> => {
    const { properties } = await computeOperations.get(...at);
    return (properties as { properties?: { state?: string } }).properties?.state;
  };
  await computeOperations.beginCreateOrUpdateAndWait(
    ...at,
    {
      location: 'local',
      properties: { computeType: 'ComputeInstance', properties: { vmSize: 'Standard_DS3_v2' } },
    },
    fast,
  );
  await life.step(GROUP, 'beginStopAndWait', async () => {
    await computeOperations.beginStopAndWait(...at, fast);
    assert.equal(await state(), 'Stopped');
  });
  await life.step(GROUP, 'beginStartAndWait', async () => {
    await computeOperations.beginStartAndWait(...at, fast);
    assert.equal(await state(), 'Running');
  });
  await life.step(GROUP, 'beginRestartAndWait', () => computeOperations.beginRestartAndWait(...at, fast));
  await life.step(GROUP, 'listKeys', () => computeOperations.listKeys(...at), {
    refused: 'no compute of this workspace has keys',
  });
  await computeOperations.beginDeleteAndWait(...at, 'Delete', fast);
}
