import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ensureCertificates } from '../../../../local/workspace/server/certificates.ts';
import { systemClock } from '../../../../local/workspace/server/clock.ts';
import { startAzurite, type Azurite } from '../../../../local/workspace/storage/azurite.ts';
import { blobStorage, type OwnedBlobStorage } from '../../../../local/workspace/storage/blobs.ts';

describe('Blob storage', () => {
  let folder: string;
  let azurite: Azurite;
  let storage: OwnedBlobStorage;
  const lines: string[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'blobs-'));
    const tls = await ensureCertificates(path.join(folder, 'certificates'), new Date());
    const account = {
      accountName: 'testaccount',
      accountKey: Buffer.from('key of the test').toString('base64'),
    };
    const port = await freePort();
    azurite = startAzurite({
      ...account,
      port,
      folder: path.join(folder, 'data'),
      tls,
      clock: systemClock,
      log: (line) => lines.push(line),
      ownAgent: 'own',
    });
    storage = blobStorage({
      ...account,
      blobContainer: 'blobs',
      artifactContainer: 'artifacts',
      blobUrl: `https://localhost:${port}/testaccount`,
      caFile: tls.caFile,
      now: () => new Date(),
      ownAgent: 'own',
      service: azurite,
    });
    await azurite.ready;
    await storage.open();
  });
  after(async () => {
    storage.close();
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps what is uploaded under any name', async () => {
    for (const name of ['plain', 'a/b c/ü#?%.txt', 'x'.repeat(200)]) {
      await storage.upload('blobs', name, `content of ${name}`);
      assert.equal((await storage.download('blobs', name)).toString(), `content of ${name}`);
      assert.equal(await storage.exists('blobs', name), true);
      assert.equal(await storage.size('blobs', name), Buffer.byteLength(`content of ${name}`));
    }
    assert.equal(await storage.exists('blobs', 'absent'), false);
    assert.equal(await storage.size('blobs', 'absent'), undefined);
  });

  it('appends to a blob that need not exist yet', async () => {
    await storage.append('artifacts', 'log.txt', Buffer.from('one\n'));
    await storage.append('artifacts', 'log.txt', Buffer.from('two\n'));
    assert.equal((await storage.download('artifacts', 'log.txt')).toString(), 'one\ntwo\n');
    await storage.append('artifacts', 'empty.txt', Buffer.alloc(0));
    assert.equal(await storage.size('artifacts', 'empty.txt'), 0);
  });

  it('carries folders there and back', async () => {
    const source = path.join(folder, 'source');
    await mkdir(path.join(source, 'deep', 'er'), { recursive: true });
    await writeFile(path.join(source, 'top.txt'), 'top');
    await writeFile(path.join(source, 'deep', 'er', 'low.bin'), Buffer.from([0, 255]));
    await storage.uploadFolder('blobs', 'tree', source);
    const listed: string[] = [];
    for await (const { path: at, size } of storage.list('blobs', 'tree/')) listed.push(`${at} ${size}`);
    assert.deepEqual(listed, ['tree/deep/er/low.bin 2', 'tree/top.txt 3']);
    const target = path.join(folder, 'target');
    assert.equal(await storage.downloadPrefix('blobs', 'tree/', target), 2);
    assert.deepEqual(await readFile(path.join(target, 'deep', 'er', 'low.bin')), Buffer.from([0, 255]));
  });

  it('never writes outside the folder a prefix is downloaded to', async () => {
    await storage.upload('blobs', 'evil/../../escaped.txt', 'x').catch(() => undefined);
    await storage.upload('blobs', 'evil/%2e%2e/%2e%2e/escaped.txt', 'x').catch(() => undefined);
    const target = path.join(folder, 'inner', 'target');
    await storage
      .downloadPrefix('blobs', 'evil/', target)
      .catch((error: Error) => assert.match(error.message, /outside/));
    await assert.rejects(readFile(path.join(folder, 'escaped.txt')));
    await assert.rejects(readFile(path.join(folder, 'inner', 'escaped.txt')));
  });

  it('signs addresses for one blob or a container, with the rights asked for and no others', async () => {
    await storage.upload('blobs', 'signed/ü.txt', 'text');
    const ca = await readFile(path.join(folder, 'certificates', 'ca.pem'), 'utf8');
    const blob = storage.sasUrl('blobs', 'signed/ü.txt', 'r', 60);
    assert.deepEqual(await exchange(ca, 'GET', blob), { status: 200, text: 'text' });
    assert.equal((await exchange(ca, 'DELETE', blob)).status, 403);
    const container = storage.sasUrl('blobs', undefined, 'rl', 60);
    assert.equal((await exchange(ca, 'GET', `${container}&restype=container&comp=list`)).status, 200);
    assert.equal(
      (await exchange(ca, 'GET', storage.sasUrl('blobs', 'signed/ü.txt', 'r', -3600))).status,
      403,
    );
  });

  it('appends at a place only when the blob ends there', async () => {
    assert.equal(await storage.append('artifacts', 'placed.txt', Buffer.from('one'), 0), true);
    assert.equal(await storage.append('artifacts', 'placed.txt', Buffer.from('two'), 3), true);
    assert.equal(await storage.append('artifacts', 'placed.txt', Buffer.from('two'), 3), false);
    assert.equal((await storage.download('artifacts', 'placed.txt')).toString(), 'onetwo');
  });

  it('comes back when its process dies, with what it was told to write down, and says so', async () => {
    const lost = new Promise<void>((resolve) => azurite.onLoss(resolve));
    await storage.upload('blobs', 'before', 'kept');
    // By itself Azurite writes its index every five seconds only.
    await storage.flush();
    const [pid] = childrenNamed('azuriteProcess');
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await systemClock.sleep(300);
    assert.equal((await storage.download('blobs', 'before')).toString(), 'kept');
    assert.ok(lines.some((line) => line.includes('started again')));
    await lost;
  });
});

function exchange(
  ca: string,
  method: string,
  url: string,
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, ca }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (part: string) => (text += part));
      response.once('end', () => resolve({ status: response.statusCode, text }));
    });
    request.once('error', reject).end();
  });
}

/** Ids of this process's own children whose command line has this text. */
function childrenNamed(text: string): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args=']).toString().split('\n');
  const mine = table.map((line) => line.trim().split(/\s+/)).filter((row) => row[1] === String(process.pid));
  return mine.filter((row) => row.join(' ').includes(text)).map((row) => Number(row[0]));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
