import { EVENT_TYPES } from '../../engine/events/event.ts';
import type { EventSubscription } from '../../engine/events/subscription.ts';
import { defined, Members, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { wholeNumber } from './limits.ts';
import { readConditions } from './readConditions.ts';
import { readDestination } from './readDestination.ts';

/** What a request may say of a subscription. */
export type Wanted = Pick<
  EventSubscription,
  'destination' | 'schema' | 'filter' | 'labels' | 'retry' | 'deadLetterContainer' | 'expiresAt'
>;

const SCHEMAS = ['EventGridSchema', 'CloudEventSchemaV1_0'] as const;
/** Of the retired v1: may be asked for, and never comes. */
const NEVER_SENT = 'Microsoft.MachineLearningServices.DatasetDriftDetected';

/** Reads a PUT; what is left out has Event Grid's defaults. */
export function readSubscription(properties: Json, storageId: string): Wanted {
  const wanted = readParts(new Members(properties), storageId);
  const { destination } = wanted;
  if (destination === undefined) throw userError("The member 'properties.destination' is required.");
  return {
    ...{ schema: 'EventGridSchema', filter: readFilter(new Members({})), labels: [] },
    retry: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
    ...wanted,
    destination,
  };
}

/** Reads the parts a PATCH changes, which stand at the top of its body. */
export function readChange(body: Json, storageId: string): Partial<Wanted> {
  return readParts(new Members(body, 'body'), storageId);
}

function readParts(members: Members, storageId: string): Partial<Wanted> {
  for (const name of ['deliveryWithResourceIdentity', 'deadLetterWithResourceIdentity'])
    if (members.object(name)) throw userError(`The embedded workspace has no identity for '${name}'.`);
  const [destination, filter, retry, dead] = [
    members.object('destination'),
    members.object('filter'),
    members.object('retryPolicy'),
    members.object('deadLetterDestination'),
  ];
  return defined({
    destination: destination && readDestination(new Members(destination, 'destination')),
    schema: members.word('eventDeliverySchema', SCHEMAS),
    filter: filter && readFilter(new Members(filter, 'filter')),
    labels: members.list('labels')?.map(String),
    retry: retry && readRetry(new Members(retry, 'retryPolicy')),
    deadLetterContainer: dead && readDeadLetter(new Members(dead, 'deadLetterDestination'), storageId),
    expiresAt: readTime(members.text('expirationTimeUtc')),
  }) as Partial<Wanted>;
}

function readFilter(members: Members): Wanted['filter'] {
  const types = members.list('includedEventTypes')?.map(String);
  const known = [...EVENT_TYPES, NEVER_SENT].map((type) => type.toLowerCase());
  const strange = types?.find((type) => type !== 'All' && !known.includes(type.toLowerCase()));
  if (strange !== undefined)
    throw userError(
      `'${strange}' is no event type of a workspace. There are ${[...EVENT_TYPES, NEVER_SENT].join(', ')}.`,
    );
  return {
    ...(types && types.length > 0 && !types.includes('All') && { includedEventTypes: types }),
    subjectBeginsWith: members.text('subjectBeginsWith') ?? '',
    subjectEndsWith: members.text('subjectEndsWith') ?? '',
    isSubjectCaseSensitive: members.flag('isSubjectCaseSensitive') ?? false,
    enableAdvancedFilteringOnArrays: members.flag('enableAdvancedFilteringOnArrays') ?? false,
    advancedFilters: readConditions(members.list('advancedFilters') ?? []),
  };
}

function readRetry(members: Members): Wanted['retry'] {
  return {
    maxDeliveryAttempts: wholeNumber(members, 'maxDeliveryAttempts', [1, 30]) ?? 30,
    eventTimeToLiveInMinutes: wholeNumber(members, 'eventTimeToLiveInMinutes', [1, 1440]) ?? 1440,
  };
}

/** A container of the workspace's own storage account: there is no other here. */
function readDeadLetter(members: Members, storageId: string): string {
  members.needed('endpointType', members.word('endpointType', ['StorageBlob']));
  const own = new Members(members.object('properties') ?? {}, 'deadLetterDestination.properties');
  const account = own.needed('resourceId', own.text('resourceId'));
  if (account.toLowerCase() !== storageId.toLowerCase())
    throw userError(`Events can be put into the workspace's own storage only: ${storageId}.`);
  const container = own.needed('blobContainerName', own.text('blobContainerName'));
  if (/^[a-z0-9](?:-?[a-z0-9]){2,62}$/.test(container)) return container;
  throw userError(`'${container}' is not the name of a blob container.`);
}

function readTime(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw userError(`'expirationTimeUtc' must be an ISO 8601 time, not '${text}'.`);
  return new Date(time).toISOString();
}
