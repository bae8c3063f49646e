import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestWorkspace } from '../../../helpers/workspace.ts';

const VERSION = 'api-version=2025-12-01';

describe('A data folder', () => {
  let dataFolder: string;
  beforeEach(async () => {
    dataFolder = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
  });
  afterEach(() => rm(dataFolder, { recursive: true, force: true }));

  it('keeps names, addresses, certificates, tokens, assets and blobs over a restart', async () => {
    const first = await startTestWorkspace({ dataFolder });
    const token = await first.token();
    const model = `${first.id}/models/m/versions/1?${VERSION}`;
    await first.send('PUT', model, { body: { properties: { modelUri: 'azureml://datastores/d/paths/x' } } });
    await first.storageReady;
    const before = await first.send('GET', model);
    const pending = await first.send('POST', `${first.id}/codes/c/versions/1/startPendingUpload?${VERSION}`, {
      body: {},
    });
    const blob = pending.json.blobReferenceForConsumption.credential.sasUri.replace('?', '/kept.txt?');
    const put = await first.send('PUT', blob, {
      body: 'kept',
      token: false,
      headers: { 'x-ms-blob-type': 'BlockBlob' },
    });
    assert.equal(put.status, 201, put.text);
    await first.stop();

    const second = await startTestWorkspace({ dataFolder });
    try {
      assert.deepEqual(second.address, first.address);
      assert.equal(second.ca, first.ca);
      assert.deepEqual((await second.send('GET', model, { token })).json, before.json);
      await second.storageReady;
      assert.equal((await second.send('GET', blob, { token: false })).text, 'kept');
    } finally {
      await second.stop();
    }
  });

  it('marks the versions whose files storage lost when it was killed, until the files are there again', async () => {
    const workspace = await startTestWorkspace({ dataFolder });
    try {
      await workspace.storageReady;
      const pending = await workspace.send(
        'POST',
        `${workspace.id}/models/kept/versions/1/startPendingUpload?${VERSION}`,
        { body: {} },
      );
      const { sasUri } = pending.json.blobReferenceForConsumption.credential;
      const upload = (name: string) =>
        workspace.send('PUT', sasUri.replace('?', `/${name}?`), {
          body: 'bytes',
          token: false,
          headers: { 'x-ms-blob-type': 'BlockBlob' },
        });
      const model = (name: string) => `${workspace.id}/models/${name}/versions/1?${VERSION}`;
      const register = (name: string) =>
        workspace.send('PUT', model(name), {
          body: { properties: { modelUri: `${sasUri.split('?')[0]}/${name}` } },
        });
      const marked = async (name: string) =>
        'embedded.filesMissingSince' in (await workspace.send('GET', model(name))).json.properties.properties;
      await upload('kept/a');
      await register('kept');
      // Nothing ever was where this one points to, as after files were lost.
      await register('lost');
      const log = () => readFileSync(path.join(dataFolder, 'workspace.log'), 'utf8');
      process.kill(Number(/storage runs as process (\d+)/.exec(log())?.[1]), 'SIGKILL');
      const named = /storage ended \(SIGKILL\)[^]*models\/lost\/versions\/1: its files are not in storage/;
      while (!named.test(log())) await delay(50);
      assert.deepEqual([await marked('lost'), await marked('kept')], [true, false]);
      await upload('lost/a');
      await register('lost');
      assert.equal(await marked('lost'), false);
    } finally {
      await workspace.stop();
    }
  });

  it('answers 503 with the time to try again while storage stays away, the rest as ever, and heals', async () => {
    const workspace = await startTestWorkspace({ dataFolder });
    const squatter = net.createServer((socket) => socket.destroy());
    try {
      await workspace.storageReady;
      const model = `${workspace.id}/models/m/versions`;
      const register = (version: number) =>
        workspace.send('PUT', `${model}/${version}?${VERSION}`, {
          body: { properties: { modelUri: 'azureml://datastores/workspaceblobstore/paths/x' } },
        });
      assert.equal((await register(1)).status, 201);
      const log = () => readFileSync(path.join(dataFolder, 'workspace.log'), 'utf8');
      process.kill(Number(/storage runs as process (\d+)/.exec(log())?.[1]), 'SIGKILL');
      await listenWhenFree(squatter, Number(new URL(workspace.address.blobUrl).port));
      while (!/did not come back/.test(log())) await delay(50);
      const refused = await register(2);
      assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '5']);
      assert.match(refused.json.error.message, /The blob storage of the embedded workspace/);
      assert.equal((await workspace.send('GET', `${model}/1?${VERSION}`)).status, 200);
      squatter.close();
      while (!/storage is back/.test(log())) await delay(50);
      assert.equal((await register(2)).status, 201);
    } finally {
      squatter.close();
      await workspace.stop();
    }
  });

  it('takes a second workspace only after the first has stopped', async () => {
    const first = await startTestWorkspace({ dataFolder });
    await assert.rejects(startTestWorkspace({ dataFolder }), /already runs/);
    await first.stop();
    await (await startTestWorkspace({ dataFolder })).stop();
  });

  it('keeps its secrets from other users', async () => {
    const workspace = await startTestWorkspace({ dataFolder });
    try {
      for (const file of [
        'workspace.json',
        'principals.json',
        'signing-key.json',
        'certificates/server.key',
      ]) {
        assert.equal((await stat(path.join(dataFolder, file))).mode & 0o077, 0, file);
      }
    } finally {
      await workspace.stop();
    }
  });

  it('gets another port when its own was taken in the meantime, but a port asked for must be free', async () => {
    const first = await startTestWorkspace({ dataFolder });
    await first.stop();
    const port = Number(new URL(first.address.apiUrl).port);
    const squatter = net.createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    try {
      await assert.rejects(startTestWorkspace({ dataFolder, port }), /in use/);
      const second = await startTestWorkspace({ dataFolder });
      assert.notEqual(second.address.apiUrl, first.address.apiUrl);
      await second.stop();
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });
});

async function listenWhenFree(server: net.Server, port: number): Promise<void> {
  for (;;) {
    const outcome = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (outcome) return;
    await delay(5);
  }
}
