import http from 'node:http';
import { finished, pipeline, Readable } from 'node:stream';
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
    const reply = await exchange(slot.port, call, signal);
    finished(reply.body, () => slot.release());
    return reply;
  } catch {
    slot.release();
    if (call.callerGone.aborted) return 'caller-gone';
    return timeout.aborted ? 'timeout' : 'broken';
  }
}

/** The inference server answers one request per connection, so none is kept. */
function exchange(port: number, call: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
  const { method, path, body } = call;
  const headers = headersForModel(call.headers, call.requestId);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers, signal, agent: false });
    // A server may answer before it has read everything; what breaks after that is no failure.
    request.on('error', reject);
    request.once('response', (response) => {
      resolve({ status: response.statusCode ?? 502, headers: response.headers, body: response });
    });
    if (body instanceof Readable) pipeline(body, request, () => {});
    else request.end(body);
  });
}
