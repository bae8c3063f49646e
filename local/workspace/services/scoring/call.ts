import { finished, type Readable } from 'node:stream';
import { Agent, request as send } from 'undici';
import type { ServedDeployment } from '../../engine/scoring/index.ts';
import { headersForModel } from './headers.ts';

/** A request on its way to a model. */
export interface ModelRequest {
  readonly method: string;
  /** Path and query at the inference server. */
  readonly path: string;
  readonly headers: Headers;
  readonly requestId: string;
  readonly body: Readable | Buffer | undefined;
  /** Ends when the caller has gone. */
  readonly callerGone: AbortSignal;
}

export interface ModelReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** Why there is no answer of the model. */
export type CallFailure = 'too-many' | 'no-instance' | 'timeout' | 'broken' | 'caller-gone';

/** The inference server answers one request per connection. */
const connections = new Agent({ pipelining: 0, connections: null });

/** Sends one request to the least busy instance; the place there is free again when the answer's body has ended. */
export async function callModel(
  served: ServedDeployment,
  call: ModelRequest,
): Promise<ModelReply | CallFailure> {
  const { requestTimeoutInMs } = served.plan.serving;
  const timeout = AbortSignal.timeout(requestTimeoutInMs);
  const signal = AbortSignal.any([timeout, call.callerGone]);
  const slot = await served.revision.dispatcher.acquire(signal);
  if (slot === 'given-up') return timeout.aborted ? 'timeout' : 'caller-gone';
  if (typeof slot === 'string') return slot;
  try {
    const reply = await send(`http://127.0.0.1:${slot.port}${call.path}`, {
      dispatcher: connections,
      method: call.method as 'GET',
      headers: headersForModel(call.headers, call.requestId),
      body: call.body ?? null,
      signal,
      headersTimeout: requestTimeoutInMs + 1_000,
      bodyTimeout: requestTimeoutInMs + 1_000,
    });
    finished(reply.body, () => slot.release());
    return { status: reply.statusCode, headers: reply.headers, body: reply.body };
  } catch {
    slot.release();
    if (call.callerGone.aborted) return 'caller-gone';
    return timeout.aborted ? 'timeout' : 'broken';
  }
}
