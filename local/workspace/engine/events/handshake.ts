import type { WorkspaceContext } from '../../context.ts';
import { isObject } from '../../server/bodies.ts';
import { failure } from '../../server/failures.ts';
import { messageOf } from '../../../../shared/problem/index.ts';
import { sendTo, type Answered } from './post.ts';
import type { EventSubscription } from './subscription.ts';

/** Where the endpoint's owner says by hand that events are wanted. */
export const VALIDATION_PATH = '/eventGrid/validate';

export type Handshake = Extract<EventSubscription['state'], 'Succeeded' | 'AwaitingManualAction'>;

/** Asks an endpoint whether it wants events: at once, or by fetching an address within some minutes. Refused when it answers otherwise. */
export async function shakeHands(
  subscription: EventSubscription,
  topic: string,
  context: WorkspaceContext,
): Promise<Handshake> {
  const { endpointUrl } = subscription.destination;
  const ask = subscription.schema === 'CloudEventSchemaV1_0' ? askForPermission : sendCode;
  const answered = await ask(subscription, topic, context).catch((error: unknown) => {
    throw refused(endpointUrl, `no answer came: ${causeOf(error)}`);
  });
  return answered;
}

/** Event Grid's schema: an event with a code, which comes back in the answer. */
async function sendCode(
  subscription: EventSubscription,
  topic: string,
  context: WorkspaceContext,
): Promise<Handshake> {
  const { code } = subscription.validation;
  const event = {
    ...{ id: crypto.randomUUID(), topic, subject: '' },
    data: { validationCode: code, validationUrl: validationUrl(subscription, context) },
    ...{ eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent' },
    ...{ eventTime: context.clock.now().toISOString(), metadataVersion: '1', dataVersion: '2' },
  };
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'aeg-event-type': 'SubscriptionValidation',
    'aeg-subscription-name': subscription.name.toUpperCase(),
  };
  const sent = { method: 'POST', headers, body: JSON.stringify([event]) } as const;
  const answered = await sendTo(subscription, sent, context, new AbortController().signal);
  checkStatus(subscription, answered);
  return codeIn(answered.text) === code ? 'Succeeded' : 'AwaitingManualAction';
}

/** CloudEvents: the receiver names the senders it takes events of. */
async function askForPermission(
  subscription: EventSubscription,
  _topic: string,
  context: WorkspaceContext,
): Promise<Handshake> {
  const origin = new URL(context.urls.api).host;
  const headers = {
    'webhook-request-origin': origin,
    'webhook-request-callback': validationUrl(subscription, context),
    'webhook-request-rate': '120',
  };
  const { signal } = new AbortController();
  const answered = await sendTo(subscription, { method: 'OPTIONS', headers }, context, signal);
  checkStatus(subscription, answered);
  const allowed = answered.headers.get('webhook-allowed-origin')?.trim().toLowerCase();
  return allowed === '*' || allowed === origin ? 'Succeeded' : 'AwaitingManualAction';
}

function validationUrl({ name, validation }: EventSubscription, { urls }: WorkspaceContext): string {
  return `${urls.own}${VALIDATION_PATH}?subscription=${encodeURIComponent(name)}&id=${validation.code}`;
}

function checkStatus({ destination }: EventSubscription, { status }: Answered): void {
  if (status < 200 || status > 299) throw refused(destination.endpointUrl, `it answered ${status}`);
}

/** The address without its query, which may hold a secret. */
function refused(endpointUrl: string, why: string): Error {
  const message =
    `The attempt to validate the endpoint ${endpointUrl.split('?')[0]} failed: ${why}. It must answer the validation ` +
    'event with its validationCode (Event Grid schema), or OPTIONS with WebHook-Allowed-Origin (CloudEvents).';
  return failure(400, 'Url validation', message);
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause instanceof Error ? cause : error);
}

function codeIn(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    const code = isObject(body)
      ? Object.entries(body).find(([name]) => name.toLowerCase() === 'validationresponse')?.[1]
      : undefined;
    return code;
  } catch {
    return undefined;
  }
}
