import { lookup as systemLookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import type net from 'node:net';
import { Agent, fetch } from 'undici';
import type { WorkspaceContext } from '../../context.ts';
import type { EventSubscription } from './subscription.ts';

const LONGEST_ANSWER_IN_MS = 30_000;
/** Event Grid's own application in the public cloud; receivers know its tokens by it. */
const EVENT_GRID = '4962773b-9cdb-44cf-a8bf-237846a00ab7';
const TOKEN_LIFETIME_IN_SECONDS = 60 * 60;

export interface Sent {
  readonly method: 'POST' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers | { get(name: string): string | null };
  readonly text: string;
}

/** Sends a request to a subscription's endpoint, which trusts this workspace's authority; throws when there is no answer. */
export async function sendTo(
  subscription: Pick<EventSubscription, 'name' | 'destination'>,
  { method, headers, body }: Sent,
  { tls, tokens }: Pick<WorkspaceContext, 'tls' | 'tokens'>,
  signal: AbortSignal,
): Promise<Answered> {
  const { endpointUrl, applicationId } = subscription.destination;
  const token = applicationId === undefined ? undefined : await tokenFor(applicationId, tokens);
  // Straight to the loopback interface, whatever proxy the user has.
  const dispatcher = new Agent({ connect: { ca: await readFile(tls.caFile, 'utf8'), lookup: onLoopback } });
  try {
    const reply = await fetch(endpointUrl, {
      method,
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_ANSWER_IN_MS)]),
      dispatcher,
    });
    return { status: reply.status, headers: reply.headers, text: await reply.text() };
  } finally {
    await dispatcher.close();
  }
}

function tokenFor(audience: string, tokens: WorkspaceContext['tokens']): Promise<string> {
  return tokens.issue({
    audience,
    subject: EVENT_GRID,
    lifetimeInSeconds: TOKEN_LIFETIME_IN_SECONDS,
    claims: { appid: EVENT_GRID, roles: ['AzureEventGridSecureWebhookSubscriber'] },
  });
}

/** Names below `localhost` mean this machine (RFC 6761), also where its resolver does not know them. */
const onLoopback: net.LookupFunction = (name, options, callback) => {
  if (!name.endsWith('.localhost')) return systemLookup(name, options, callback);
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
