import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { OPERATORS, type Condition } from '../../engine/events/conditions.ts';
import type { EventSubscription, HeaderMapping } from '../../engine/events/subscription.ts';
import { EVENT_TYPES } from '../../engine/events/event.ts';
import { defined } from '../../server/bodies.ts';
import { systemData } from '../../server/stamps.ts';
import { storageAccountId } from '../datastores/builtIn.ts';

/** The resource as Event Grid shows it: of the address only what holds no secret. */
export function showSubscription(context: WorkspaceContext, subscription: EventSubscription): object {
  const { name, destination, filter, schema, labels, retry, expiresAt } = subscription;
  return {
    id: `${workspaceId(context.identity)}/providers/Microsoft.EventGrid/eventSubscriptions/${name}`,
    name,
    type: 'Microsoft.EventGrid/eventSubscriptions',
    properties: {
      topic: workspaceId(context.identity),
      provisioningState: stateNow(subscription, context.clock.now()),
      destination: {
        endpointType: 'WebHook',
        properties: defined({
          endpointBaseUrl: destination.endpointUrl.split('?')[0],
          maxEventsPerBatch: destination.maxEventsPerBatch,
          preferredBatchSizeInKilobytes: destination.preferredBatchSizeInKilobytes,
          azureActiveDirectoryTenantId: destination.tenantId,
          azureActiveDirectoryApplicationIdOrUri: destination.applicationId,
          deliveryAttributeMappings: destination.headers.map(showHeader),
        }),
      },
      filter: {
        ...filter,
        includedEventTypes: filter.includedEventTypes ?? EVENT_TYPES,
        advancedFilters: filter.advancedFilters.map(showCondition),
      },
      ...{ labels, eventDeliverySchema: schema, retryPolicy: retry },
      ...(expiresAt && { expirationTimeUtc: expiresAt }),
      ...deadLetterOf(context, subscription),
    },
    systemData: systemData(subscription),
  };
}

/** A subscription nobody confirmed in time has failed. */
export function stateNow({ state, validation }: EventSubscription, now: Date): EventSubscription['state'] {
  return state === 'AwaitingManualAction' && validation.until <= now.toISOString() ? 'Failed' : state;
}

/** The headers with their values, which only who may change the subscription sees. */
export function showHeaders({ destination }: EventSubscription): object {
  const value = destination.headers.map((one) => ({ ...showHeader({ ...one, isSecret: false }) }));
  return { value };
}

function showHeader({ name, type, value, isSecret, sourceField }: HeaderMapping): object {
  const properties =
    type === 'Static' ? { value: isSecret ? 'Hidden' : value, isSecret: isSecret ?? false } : { sourceField };
  return { name, type, properties };
}

function showCondition({ operator, key, operands }: Condition): object {
  const shape = OPERATORS[operator];
  const isOne = shape === 'number' || shape === 'flag';
  const value = isOne ? { value: operands[0] } : shape === 'nothing' ? {} : { values: operands };
  return { operatorType: operator, key, ...value };
}

function deadLetterOf(
  context: WorkspaceContext,
  { deadLetterContainer: container }: EventSubscription,
): object {
  if (container === undefined) return {};
  const properties = { resourceId: storageAccountId(context), blobContainerName: container };
  return { deadLetterDestination: { endpointType: 'StorageBlob', properties } };
}
