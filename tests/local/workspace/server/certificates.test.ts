import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureCertificates } from '../../../../local/workspace/server/certificates.ts';

const DAY_IN_MS = 86_400_000;

describe('The certificates', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'certificates-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const read = async (file: string) => new X509Certificate(await readFile(file, 'utf8'));

  it('name this machine only, and are signed by an authority of their own', async () => {
    const files = await ensureCertificates(folder, new Date());
    const [ca, server] = [await read(files.caFile), await read(files.certFile)];
    assert.equal(ca.ca, true);
    assert.equal(server.verify(ca.publicKey), true);
    for (const name of ['localhost', 'account.blob.core.localhost']) assert.ok(server.checkHost(name), name);
    for (const address of ['127.0.0.1', '::1']) assert.ok(server.checkIP(address), address);
    assert.equal(server.checkHost('example.com'), undefined);
  });

  it('stay the same until they are about to expire', async () => {
    const files = await ensureCertificates(folder, new Date());
    const first = await readFile(files.caFile, 'utf8');
    await ensureCertificates(folder, new Date(Date.now() + 700 * DAY_IN_MS));
    assert.equal(await readFile(files.caFile, 'utf8'), first);
    await ensureCertificates(folder, new Date(Date.now() + 790 * DAY_IN_MS));
    assert.notEqual(await readFile(files.caFile, 'utf8'), first);
  });
});
