import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestWorkspace } from './workspace.ts';

/** What happens to a request instead of reaching the workspace. */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
    }
  /** The connection is closed without a word. */
  | { readonly kind: 'drop' };

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly at: number;
}

/** What went through the gate, both ways. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly request: string;
  readonly status: number;
  readonly answer: string;
}

/** A door in front of a workspace, with the workspace's own certificate, at which requests meet faults. */
export interface FaultGate {
  /** Use this as the workspace's address. */
  readonly url: string;
  readonly seen: readonly Seen[];
  readonly exchanges: readonly Exchange[];
  /** Decides for each request; undefined lets it through. */
  decide: (request: Seen) => Fault | undefined;
  stop(): Promise<void>;
}

export interface GateOptions {
  /** PEM of the authority whose client certificates alone are let in; by default nobody is asked for one. */
  readonly clientCa?: string;
}

export async function startFaultGate(
  workspace: TestWorkspace,
  { clientCa }: GateOptions = {},
): Promise<FaultGate> {
  const folder = `${workspace.dataFolder}/certificates`;
  const [cert, key] = await Promise.all([readFile(`${folder}/server.pem`), readFile(`${folder}/server.key`)]);
  const upstream = new https.Agent({ ca: workspace.ca, keepAlive: true });
  const seen: Seen[] = [];
  const exchanges: Exchange[] = [];
  const gate: { decide: FaultGate['decide'] } = { decide: () => undefined };
  const mutual = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const server = https.createServer({ cert, key, ...mutual }, (request, response) => {
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      at: performance.now(),
    };
    seen.push(one);
    const fault = gate.decide(one);
    if (fault) return meet(fault, request, response);
    forward({ request, response, upstream, from: workspace.address.apiUrl, to: url(), exchanges });
  });
  const url = (): string => `https://localhost:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    seen,
    exchanges,
    get decide() {
      return gate.decide;
    },
    set decide(decide) {
      gate.decide = decide;
    },
    async stop() {
      upstream.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function meet(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.kind === 'drop') return void request.socket.destroy();
  request.resume();
  response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
  response.end(fault.body === undefined ? '' : JSON.stringify(fault.body));
}

interface Forwarding {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: https.Agent;
  readonly from: string;
  readonly to: string;
  readonly exchanges: Exchange[];
}

/** Addresses in answers are rewritten, so that the client keeps coming through the gate. */
function forward({ request, response, upstream, from, to, exchanges }: Forwarding): void {
  const headers = { ...request.headers, host: new URL(from).host };
  const sent: Buffer[] = [];
  const onward = https.request(
    `${from}${request.url}`,
    { method: request.method ?? 'GET', headers, agent: upstream },
    (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.from(Buffer.concat(chunks).toString('utf8').replaceAll(from, to));
        const kept = Object.entries(answer.headers).map(([name, value]) => [
          name,
          String(value).replaceAll(from, to),
        ]);
        const { 'transfer-encoding': _chunked, ...rest } = Object.fromEntries(kept) as Record<string, string>;
        exchanges.push({
          method: request.method ?? '',
          path: request.url ?? '',
          request: Buffer.concat(sent).toString('utf8'),
          status: answer.statusCode ?? 0,
          answer: body.toString('utf8'),
        });
        response
          .writeHead(answer.statusCode ?? 502, { ...rest, 'content-length': String(body.length) })
          .end(body);
      });
    },
  );
  onward.on('error', () => response.destroy());
  request.on('data', (chunk: Buffer) => sent.push(chunk));
  request.pipe(onward);
}
