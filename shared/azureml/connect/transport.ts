import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import tls from 'node:tls';
import { messageOf, Problem } from '../../problem/index.ts';

/** The way out of the agent's network. */
export interface Network {
  readonly proxy?: {
    readonly url: string;
    readonly username?: string;
    readonly password?: string;
    /** Regular expressions of host names (with or without scheme) that are reached directly. */
    readonly bypass: readonly string[];
  };
  readonly tls?: {
    readonly caFile?: string;
    readonly certFile?: string;
    readonly keyFile?: string;
    readonly passphrase?: string;
  };
}

/** The one way out of a task: every request, sign-in and storage included, leaves through it. */
export interface Transport {
  /** The newest request that got no answer; sign-in libraries hide it behind words of their own. */
  lastFailure(): unknown;
  readonly httpClient: HttpClient;
  /** The agent that reaches a URL: through the proxy, or directly where the bypass list says so. */
  agentFor(url: string): http.Agent | undefined;
}

export function createTransport(network: Network): Transport {
  const inner = createDefaultHttpClient();
  const agentFor = chooseAgent(network);
  let lastFailure: unknown;
  return {
    agentFor,
    lastFailure: () => lastFailure,
    httpClient: {
      async sendRequest(request) {
        const agent = agentFor(request.url);
        if (agent) request.agent = agent;
        try {
          const answer = await inner.sendRequest(request);
          if (answer.status === 407) throw refusedByProxy(request.url);
          return answer;
        } catch (error) {
          lastFailure = error;
          throw error;
        }
      },
    },
  };
}

function refusedByProxy(url: string): Problem {
  return new Problem({
    code: 'network',
    message: `The agent's proxy did not let the request to ${new URL(url).host} pass (407): it asks for another login.`,
    next: "Check user name and password of the agent's proxy settings, or put the host on the bypass list.",
  });
}

function chooseAgent(network: Network): Transport['agentFor'] {
  const secure = readTls(network);
  const direct = new https.Agent({ keepAlive: true, lookup: lookupLoopback, ...secure });
  const plain = new http.Agent({ keepAlive: true, lookup: lookupLoopback });
  const proxied = network.proxy && new TunnelAgent(proxyUrl(network.proxy), secure);
  const bypass = (network.proxy?.bypass ?? []).map(toPattern);
  return (address) => {
    const url = new URL(address);
    if (url.protocol === 'http:') return plain;
    const isDirect =
      !proxied || bypass.some((pattern) => pattern.test(url.hostname) || pattern.test(url.href));
    return isDirect ? direct : proxied;
  };
}

/** Tunnels through the proxy; the library forgets TLS options on the way to the host behind it. */
class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #secure: https.AgentOptions;

  constructor(proxy: string, secure: https.AgentOptions) {
    super(proxy, { keepAlive: true, ...secure });
    this.#secure = secure;
  }

  override connect(request: http.ClientRequest, options: AgentConnectOpts): Promise<net.Socket> {
    return super.connect(request, { ...options, ...this.#secure } as AgentConnectOpts);
  }
}

type AgentConnectOpts = Parameters<HttpsProxyAgent<string>['connect']>[1];

/** Names under `.localhost` mean this machine (RFC 6761), also where the system's resolver does not know it. */
const lookupLoopback: net.LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname.endsWith('.localhost') ? 'localhost' : hostname, options, callback);
};

function proxyUrl(proxy: NonNullable<Network['proxy']>): string {
  const url = new URL(proxy.url);
  if (proxy.username) url.username = encodeURIComponent(proxy.username);
  if (proxy.password) url.password = encodeURIComponent(proxy.password);
  return url.href;
}

/**
 * One context for all connections: given as `ca`, Node would parse all roots again for every connection and join their
 * text into the name under which it looks for an open one, at every request.
 */
function readTls(network: Network): https.AgentOptions {
  const { caFile, certFile, keyFile, passphrase } = network.tls ?? {};
  if (!caFile && !certFile) return {};
  // `ca` replaces Node's own list, so the public roots are given along with the private one.
  return {
    secureContext: secureContext({
      ...(caFile && { ca: [...tls.rootCertificates, ...extraRoots(), read(caFile, 'CA')] }),
      ...(certFile && { cert: read(certFile, 'client certificate') }),
      ...(keyFile && { key: read(keyFile, 'client certificate key') }),
      ...(passphrase && { passphrase }),
    }),
  };
}

function secureContext(options: tls.SecureContextOptions): tls.SecureContext {
  try {
    return tls.createSecureContext(options);
  } catch (cause) {
    throw new Problem({
      code: 'network',
      message: `The agent's SSL settings cannot be used: ${messageOf(cause)}.`,
      next: 'Check the certificate files and the passphrase (Agent.CAInfo, Agent.ClientCert).',
      cause,
    });
  }
}

function extraRoots(): string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  return file ? [read(file, 'NODE_EXTRA_CA_CERTS')] : [];
}

function read(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem({
      code: 'network',
      message: `The agent's ${what} file '${file}' cannot be read.`,
      next: "Check the agent's SSL settings (Agent.CAInfo, Agent.ClientCert).",
      cause,
    });
  }
}

function toPattern(expression: string): RegExp {
  try {
    return new RegExp(expression, 'i');
  } catch {
    return new RegExp(expression.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  }
}
