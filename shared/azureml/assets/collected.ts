import { Problem } from '../../problem/index.ts';
import type { Reference, Target } from '../yaml/index.ts';
import { textAt } from './answers.ts';
import type { SendingContext } from './context.ts';

type Collected = Extract<Target, { kind: 'collected' }>;

/** The data asset that a deployment's collected data goes to, or the type of that asset. */
export async function resolveCollected(
  { endpoint, deployment, collection, member }: Collected,
  place: Reference['place'],
  context: SendingContext,
): Promise<string> {
  const { arm, workspaceId } = context.services;
  const found = await arm.get(`onlineEndpoints/${endpoint}/deployments/${deployment}`, context.call());
  const entry = membersOf(
    membersOf(membersOf(membersOf(found)['properties'])['dataCollector'])['collections'],
  );
  const { dataId, dataCollectionMode } = membersOf(entry[collection]);
  if (typeof dataId !== 'string' || dataCollectionMode !== 'Enabled') {
    throw new Problem({
      code: 'not-found',
      message: `The deployment '${deployment}' of the endpoint '${endpoint}' does not collect ${collection}.`,
      next: "Switch its data collector on, or name the data in the monitor: 'production_data' and 'reference_data'.",
      place,
    });
  }
  if (member === 'id') return dataId;
  return textAt(
    await arm.get(dataId.replace(`${workspaceId}/`, ''), context.call()),
    'properties',
    'dataType',
  );
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : {};
}
