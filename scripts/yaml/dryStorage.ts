import {
  AnonymousCredential,
  ContainerClient,
  newPipeline,
  type HttpOperationResponse,
  type RequestPolicyFactory,
} from '@azure/storage-blob';
import type { Request } from './request.ts';

/** A container without a network: it has no blob yet, takes every one, and notes what it is sent. */
export function dryContainer(url: string, sent: Request[]): ContainerClient {
  const pipeline = newPipeline(new AnonymousCredential(), { retryOptions: { maxTries: 1 } });
  const answering: RequestPolicyFactory = {
    create: () => ({
      sendRequest(request): Promise<HttpOperationResponse> {
        const { pathname, searchParams } = new URL(request.url);
        sent.push({ method: request.method, blob: pathname });
        const headers = request.headers.clone();
        headers.set('etag', '"1"');
        if (request.method === 'HEAD') headers.set('x-ms-error-code', 'BlobNotFound');
        const done = searchParams.get('comp') === 'metadata' ? 200 : 201;
        return Promise.resolve({ request, headers, status: request.method === 'HEAD' ? 404 : done });
      },
    }),
  };
  pipeline.factories.push(answering);
  return new ContainerClient(url, pipeline);
}
