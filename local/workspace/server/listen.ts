import { createAdaptorServer } from '@hono/node-server';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { Problem } from '../../../shared/problem/index.ts';
import type { TlsFiles } from '../context.ts';

const LOOPBACK = '127.0.0.1';
/** Longer than clients wait between polls, so that they keep their connection. */
const KEEP_ALIVE_IN_MS = 65_000;

/** Answers one request. */
export type Answering = (request: Request, bindings?: object) => Response | Promise<Response>;

/** Serves requests over HTTPS on the loopback interface only. Returns what closes it, at once and for every connection. */
export async function listen(
  answering: Answering,
  port: number,
  tls: TlsFiles,
): Promise<() => Promise<void>> {
  const [key, cert] = await Promise.all([readFile(tls.keyFile), readFile(tls.certFile)]);
  // The adaptor creates exactly the server it is told to.
  const server = createAdaptorServer({
    fetch: answering,
    createServer: https.createServer,
    serverOptions: { key, cert, keepAliveTimeout: KEEP_ALIVE_IN_MS },
  }) as https.Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(port, cause)));
    server.listen(port, LOOPBACK, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

function cannotListen(port: number, cause: Error): Problem {
  return new Problem({
    code: 'network',
    message: `The embedded workspace cannot listen on port ${port}: ${cause.message}.`,
    next: 'Start it again, or choose another port.',
    cause,
  });
}
