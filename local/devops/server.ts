import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createDevOpsApp } from './app.ts';
import type { BuildSource } from './builds.ts';
import type { ReleaseSource } from './releases.ts';
import { createTaskEvents, type TaskEvents } from './tasks/events.ts';
import type { WebhookSource } from './webhooks.ts';
import { createJobTokens, createOidcSigner, type JobTokens } from './tokens.ts';

export interface DevOpsOptions {
  readonly organization: string;
  readonly project: { readonly id: string; readonly name: string };
  /** The connections tokens can be asked for. */
  readonly connections: readonly { readonly id: string; readonly name: string }[];
  readonly builds: BuildSource;
  /** Left out, the project has no classic releases. */
  readonly releases?: ReleaseSource;
  /** Left out, there are no incoming webhooks. */
  readonly webhooks?: WebhookSource;
  /** PEM; without it the server speaks HTTP, on loopback only. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Taken when it is free, so that addresses stay the same when a run is continued. */
  readonly port?: number;
}

/** The part of Azure DevOps that a run's tasks talk to. */
export interface DevOpsServer {
  readonly origin: string;
  readonly port: number;
  /** `<origin>/<organization>/`, with its slash, as the agent has it. */
  readonly collectionUri: string;
  readonly admitJob: JobTokens['admit'];
  /** What those outside say of tasks that wait for them. */
  readonly taskEvents: TaskEvents;
  /** Where a job asks for federated tokens (System.OidcRequestUri). */
  oidcRequestUri(job: { readonly planId: string; readonly jobId: string }, hub?: 'build' | 'release'): string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function startDevOps(options: DevOpsOptions): Promise<DevOpsServer> {
  const tokens = createJobTokens();
  const taskEvents = createTaskEvents();
  const signer = createOidcSigner();
  const app = createDevOpsApp({ ...options, tokens, signer, taskEvents });
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(options.tls && {
      createServer,
      serverOptions: { cert: options.tls.certificate, key: options.tls.key },
    }),
  });
  const port = await listen(server, options.port);
  // Certificates of local authorities name `localhost`, seldom the address.
  const origin = options.tls ? `https://localhost:${port}` : `http://${HOST}:${port}`;
  const collectionUri = `${origin}/${encodeURIComponent(options.organization)}/`;
  return {
    origin,
    port,
    collectionUri,
    taskEvents,
    admitJob: (job) => tokens.admit(job),
    oidcRequestUri: ({ planId, jobId }, hub = 'build') =>
      `${collectionUri}${options.project.id}/_apis/distributedtask/hubs/${hub}/plans/${planId}/jobs/${jobId}/oidctoken`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: ReturnType<typeof createAdaptorServer>, wanted = 0): Promise<number> {
  server.listen(wanted, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (wanted === 0) throw error;
    return listen(server, 0);
  }
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port.');
  return address.port;
}
