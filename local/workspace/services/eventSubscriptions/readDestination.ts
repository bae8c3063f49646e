import type { HeaderMapping, WebhookDestination } from '../../engine/events/subscription.ts';
import { isObject, Members } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { wholeNumber } from './limits.ts';

const MOST_HEADERS = 10;
const TYPES = ['Static', 'Dynamic'] as const;
/** Headers Event Grid writes itself, or that change how a request is read. */
const RESERVED = /^(?:aeg-.*|host|content-.*|transfer-encoding|connection|authorization)$/i;

/** Reads a webhook on this machine; nothing is sent anywhere else. */
export function readDestination(members: Members): WebhookDestination {
  const type = members.needed('endpointType', members.text('endpointType'));
  if (type.toLowerCase() !== 'webhook')
    throw userError(
      `The embedded workspace delivers events to webhooks only; '${type}' is a service of Azure that is not on this machine.`,
    );
  const own = new Members(members.object('properties') ?? {}, 'destination.properties');
  return {
    endpointUrl: checkEndpoint(own.needed('endpointUrl', own.text('endpointUrl'))),
    ...present('applicationId', own.text('azureActiveDirectoryApplicationIdOrUri')),
    ...present('tenantId', own.text('azureActiveDirectoryTenantId')),
    headers: (own.list('deliveryAttributeMappings') ?? []).map(readHeader).slice(0, MOST_HEADERS),
    maxEventsPerBatch: wholeNumber(own, 'maxEventsPerBatch', [1, 5000]) ?? 1,
    preferredBatchSizeInKilobytes: wholeNumber(own, 'preferredBatchSizeInKilobytes', [1, 1024]) ?? 64,
  };
}

function checkEndpoint(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isHere =
    url !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\]|.*\.localhost)$/i.test(url.hostname);
  if (isHere && /^https?:$/.test(url.protocol)) return address;
  const shown = address.split('?')[0];
  throw userError(
    `'${shown}' is not on this machine: the embedded workspace calls webhooks on localhost only, by https or http.`,
  );
}

function readHeader(json: unknown): HeaderMapping {
  const members = new Members(isObject(json) ? json : {}, 'deliveryAttributeMappings');
  const name = members.needed('name', members.text('name'));
  if (!/^[\w-]+$/.test(name) || RESERVED.test(name))
    throw userError(`'${name}' cannot be a header of its own: it is not one, or others decide it.`);
  const type = members.needed('type', members.word('type', TYPES));
  const own = new Members(members.object('properties') ?? {}, 'deliveryAttributeMappings.properties');
  if (type === 'Dynamic')
    return { name, type, sourceField: own.needed('sourceField', own.text('sourceField')) };
  const value = own.needed('value', own.text('value'));
  return { name, type, value, isSecret: own.flag('isSecret') ?? false };
}

function present<K extends string>(name: K, text: string | undefined): { readonly [name in K]?: string } {
  // The one member its type names.
  return text ? ({ [name]: text } as { readonly [name in K]?: string }) : {};
}
