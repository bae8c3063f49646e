import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { startNameProxy, upstreamIn } from '../../../../local/workspace/server/nameProxy.ts';
import { choosePort } from '../../../../local/workspace/server/ports.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../helpers/workspace.ts';

describe("The workspace's proxy", () => {
  let workspace: TestWorkspace;
  before(async () => void (workspace = await startTestWorkspace()));
  after(() => workspace.stop());

  it('leads to storage under the host name that clients build', async () => {
    await workspace.storageReady;
    const { accountUrl, proxyUrl } = workspace.address;
    const { hostname, host } = new URL(accountUrl);
    assert.match(hostname, /^local[0-9a-f]{12}\.blob\.core\.localhost$/);
    const { socket, status } = await tunnel(proxyUrl, host);
    assert.equal(status, 200);
    assert.match(await answerOf(socket, hostname, workspace.ca), /^HTTP\/1.1 4\d\d [^]*Azurite-Blob/);
  });

  it('says so when nothing answers there', async () => {
    assert.equal((await tunnel(workspace.address.proxyUrl, 'nobody.localhost:1')).status, 502);
    assert.equal((await tunnel(workspace.address.proxyUrl, '/')).status, 400);
  });

  it('passes what leads outside on to the proxy this machine has', async () => {
    const asked: string[] = [];
    const outside = net.createServer((socket) =>
      socket.once('data', (data: Buffer) => {
        asked.push(String(data));
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      }),
    );
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
    const upstream = new URL(`http://u:p%3Aq@127.0.0.1:${(outside.address() as net.AddressInfo).port}`);
    const port = await choosePort(undefined, 0);
    const stop = await startNameProxy({ port, upstream });
    try {
      const { status } = await tunnel(`http://127.0.0.1:${port}`, 'example.org:443');
      const proof = Buffer.from('u:p:q').toString('base64');
      const expected = `CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nProxy-Authorization: Basic ${proof}\r\n\r\n`;
      assert.deepEqual([status, asked], [200, [expected]]);
      await tunnel(`http://127.0.0.1:${port}`, new URL(workspace.address.apiUrl).host);
      assert.equal(asked.length, 1);
    } finally {
      await stop();
      outside.close();
    }
  });

  it('is never its own way out', () => {
    assert.deepEqual(upstreamIn({ HTTPS_PROXY: 'http://127.0.0.1:8080' }, 8080), {});
    assert.equal(
      upstreamIn({ https_proxy: 'http://proxy.example:3128' }, 8080).upstream?.host,
      'proxy.example:3128',
    );
    assert.deepEqual(upstreamIn({}, 8080), {});
  });
});

function tunnel(proxyUrl: string, target: string): Promise<{ socket: net.Socket; status: number }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(proxyUrl);
    const request = http.request({ host: hostname, port, method: 'CONNECT', path: target, agent: false });
    request.once('connect', (response, socket) => resolve({ socket, status: response.statusCode ?? 0 }));
    request.once('response', (response) => reject(new Error(String(response.statusCode))));
    request.once('error', reject);
    request.end();
  });
}

function answerOf(socket: net.Socket, servername: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const secure = tls.connect({ socket, servername, ca }, () =>
      secure.write(`GET /none?comp=list HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`),
    );
    secure.once('data', (data: Buffer) => {
      resolve(String(data));
      secure.destroy();
    });
    secure.once('error', reject);
  });
}
