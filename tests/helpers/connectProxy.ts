import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** An HTTP proxy on loopback that tunnels by CONNECT, asks for a password if one is given, and keeps a list of what it tunnelled. */
export interface ConnectProxy {
  readonly url: string;
  /** `host:port` of every tunnel that was opened. */
  readonly tunnels: readonly string[];
  stop(): Promise<void>;
}

export async function startConnectProxy(login?: {
  readonly username: string;
  readonly password: string;
}): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const open = new Set<net.Socket>();
  const expected = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const server = http.createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket) => track(open, socket));
  server.on('connect', (request, client: net.Socket) => {
    if (expected && request.headers['proxy-authorization'] !== expected) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n',
      );
      return;
    }
    const target = request.url ?? '';
    tunnels.push(target);
    const [host = '', port = ''] = target.split(':');
    // Names under .localhost mean this machine (RFC 6761), also where its resolver does not know them.
    const upstream = net.connect(Number(port), host.endsWith('.localhost') ? 'localhost' : host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    track(open, upstream);
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function track(open: Set<net.Socket>, socket: net.Socket): void {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
}
