import http from 'node:http';
import net from 'node:net';
import { Problem } from '../../../shared/problem/index.ts';

const LOOPBACK = '127.0.0.1';
const HTTPS_PORT = 443;

export interface NameProxySettings {
  readonly port: number;
  /** The proxy by which this machine reaches the outside, for tunnels that lead there; none: directly. */
  readonly upstream?: URL;
}

/**
 * A tunnel for clients that build host names such as `<account>.blob.core.localhost`: names below `localhost` mean this
 * machine (RFC 6761), which not every resolver knows. Other names are passed on, so that a shell with `HTTPS_PROXY` set
 * to it still reaches the world. It listens on the loopback address and reads nothing of what it carries.
 */
export async function startNameProxy(settings: NameProxySettings): Promise<() => Promise<void>> {
  const open = new Set<net.Socket>();
  const server = http.createServer((_request, response) =>
    response.writeHead(501).end('This proxy only tunnels HTTPS (the method CONNECT).\n'),
  );
  const keep = <T extends net.Socket>(socket: T): T => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    return socket;
  };
  server.on('connection', (socket: net.Socket) => void keep(socket));
  server.on('connect', (request, client: net.Socket, early: Buffer) => {
    const target = targetOf(request.url ?? '');
    if (target === undefined) return void client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const isHere = isLoopback(target.host);
    const through = isHere ? undefined : settings.upstream;
    const far = keep(
      through
        ? net.connect(Number(through.port || 80), through.hostname)
        : net.connect(target.port, isHere ? LOOPBACK : target.host),
    );
    far.once('connect', () => {
      if (through) far.write(connectRequest(request.url ?? '', through));
      else client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.write(early);
      far.pipe(client).pipe(far);
    });
    far.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    far.once('close', () => client.destroy());
    client.once('close', () => far.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(settings.port, cause)));
    server.listen(settings.port, LOOPBACK, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
}

/** The proxy that the environment names for HTTPS, unless it is this one. */
export function upstreamIn(environment: NodeJS.ProcessEnv, ownPort: number): { upstream?: URL } {
  const named = environment['HTTPS_PROXY'] ?? environment['https_proxy'];
  if (!named || !URL.canParse(named)) return {};
  const upstream = new URL(named);
  const isOwn = isLoopback(upstream.hostname) && Number(upstream.port) === ownPort;
  return upstream.protocol === 'http:' && !isOwn ? { upstream } : {};
}

function targetOf(authority: string): { host: string; port: number } | undefined {
  const url = URL.canParse(`https://${authority}`) ? new URL(`https://${authority}`) : undefined;
  if (url === undefined || url.pathname !== '/') return undefined;
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || HTTPS_PORT) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === LOOPBACK;
}

function connectRequest(authority: string, { username, password }: URL): string {
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const proof = username ? `Proxy-Authorization: Basic ${login.toString('base64')}\r\n` : '';
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${proof}\r\n`;
}

function cannotListen(port: number, cause: Error): Problem {
  return new Problem({
    code: 'network',
    message: `The embedded workspace cannot listen on port ${port}: ${cause.message}.`,
    next: 'Start it again; it will choose another port.',
    cause,
  });
}
