import { finished, Readable } from 'node:stream';
import type { CallFailure, ModelReply } from './call.ts';
import { headersForCaller } from './headers.ts';

/** What the router found out about one request; the status is the one the caller gets. */
export interface Outcome {
  readonly status: number;
  /** Status the model itself gave, when it answered. */
  readonly modelStatus?: number;
}

/** The answer of a model: anything but 200 becomes 424, with the model's own status in a header. */
export function answerOf(
  reply: ModelReply,
  deployment: string,
  whenDone: (outcome: Outcome) => void,
): Response {
  const isFine = reply.status >= 200 && reply.status < 300;
  const status = isFine ? reply.status : 424;
  const headers = headersForCaller(reply.headers);
  headers.set('azureml-model-deployment', deployment);
  if (!isFine) addModelError(headers, reply.status, 'model_error');
  finished(reply.body, () => whenDone({ status, modelStatus: reply.status }));
  const hasBody = reply.status !== 204 && reply.status !== 304;
  if (!hasBody) reply.body.resume();
  // undici's body and the response's body are the same web stream in two type libraries.
  return new Response(hasBody ? (Readable.toWeb(reply.body) as ReadableStream) : null, { status, headers });
}

/** The answer when the model gave none. */
export function answerFailure(failure: CallFailure, deployment: string, isKubernetes: boolean): Response {
  const headers = new Headers({ 'azureml-model-deployment': deployment });
  switch (failure) {
    case 'too-many':
      headers.set('retry-after', '1');
      return plain(429, 'TooManyRequests', 'More requests are in flight than the deployment takes.', headers);
    case 'no-instance':
      headers.set('retry-after', '5');
      return plain(503, 'ServiceUnavailable', `No instance of deployment '${deployment}' is ready.`, headers);
    case 'timeout':
      return plain(
        408,
        'RequestTimeout',
        'The request took longer than the request timeout of the deployment.',
        headers,
      );
    case 'caller-gone':
      return plain(499, 'ClientClosedRequest', 'The caller closed the connection.', headers);
    case 'broken':
      if (isKubernetes)
        return plain(502, 'BadGateway', 'The container ended while it worked on the request.', headers);
      addModelError(headers, 502, 'model_connection_lost');
      return plain(424, 'ModelError', 'The container ended while it worked on the request.', headers);
  }
}

/** A refusal of the router itself. */
export function plain(status: number, code: string, message: string, headers = new Headers()): Response {
  return Response.json({ error: { code, message } }, { status, headers });
}

function addModelError(headers: Headers, status: number, reason: string): void {
  headers.set('ms-azureml-model-error-statuscode', String(status));
  headers.set('ms-azureml-model-error-reason', reason);
}
