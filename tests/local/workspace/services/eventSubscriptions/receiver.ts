import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into events freely
}

/** An endpoint on this machine: how it answers is decided per path. */
export interface Receiver {
  readonly url: string;
  /** What came to a path, validations left out. */
  events(path: string): readonly Received[];
  readonly received: readonly Received[];
  /** Statuses a path gives before it takes anything. */
  refuse(path: string, ...statuses: number[]): void;
  close(): Promise<void>;
}

/** Starts an endpoint that agrees to everything but what comes to `/silent`. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const refusals = new Map<string, number[]>();
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      received.push({ method, url, headers, body });
      const path = url.split('?')[0] ?? '';
      const isQuestion = headers['aeg-event-type'] === 'SubscriptionValidation' || method === 'OPTIONS';
      if (!isQuestion || path === '/silent')
        return response.writeHead((isQuestion ? undefined : refusals.get(path)?.shift()) ?? 200).end();
      if (method === 'OPTIONS')
        return response.writeHead(200, { 'webhook-allowed-origin': headers['webhook-request-origin'] }).end();
      const [{ data }] = body as [{ data: { validationCode: string } }];
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ validationResponse: data.validationCode }));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    received,
    events: (path) =>
      received.filter(
        ({ url, method, headers }) =>
          url.split('?')[0] === path &&
          method === 'POST' &&
          headers['aeg-event-type'] !== 'SubscriptionValidation',
      ),
    refuse: (path, ...statuses) => void refusals.set(path, statuses),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
