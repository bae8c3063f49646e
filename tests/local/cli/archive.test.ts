import assert from 'node:assert/strict';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { packTar } from 'modern-tar/fs';
import { exportStopped, importWorkspace, seedWorkspace } from '../../../local/cli/archive.ts';

describe('A workspace taken along as a file', () => {
  let folder: string;
  const at = (...names: string[]) => path.join(folder, ...names);
  beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'archive-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const workspaceIn = async (name: string): Promise<string> => {
    await mkdir(at(name, 'store'), { recursive: true });
    await writeFile(at(name, 'workspace.json'), '{"createdAt":"then"}');
    await writeFile(at(name, 'store', 'data.mdb'), 'rows');
    for (const passing of ['lock', 'start.log', 'workspace.log']) await writeFile(at(name, passing), '');
    return at(name);
  };

  it('is the same elsewhere, without what belonged to a process, and for its owner only', async () => {
    await exportStopped({ data: await workspaceIn('one') }, at('one.tgz'));
    if (process.platform !== 'win32') assert.equal((await stat(at('one.tgz'))).mode & 0o077, 0);
    await importWorkspace(at('two'), at('one.tgz'));
    assert.deepEqual((await readdir(at('two'))).sort(), ['store', 'workspace.json']);
    assert.equal(await readFile(at('two', 'store', 'data.mdb'), 'utf8'), 'rows');
  });

  it('is no seed where there is a workspace already, and never overwrites one', async () => {
    await exportStopped({ data: await workspaceIn('one') }, at('one.tgz'));
    await workspaceIn('two');
    await writeFile(at('two', 'workspace.json'), '{"createdAt":"now"}');
    await seedWorkspace(at('two'), at('one.tgz'));
    assert.equal(await readFile(at('two', 'workspace.json'), 'utf8'), '{"createdAt":"now"}');
    await assert.rejects(importWorkspace(at('two'), at('one.tgz')), /holds a workspace already/);
  });

  it('takes the place of what a start that failed has left', async () => {
    await exportStopped({ data: await workspaceIn('one') }, at('one.tgz'));
    await mkdir(at('two', 'jobs'), { recursive: true });
    await writeFile(at('two', 'start.log'), 'The faults cannot be read.');
    await importWorkspace(at('two'), at('one.tgz'));
    assert.deepEqual((await readdir(at('two'))).sort(), ['store', 'workspace.json']);
  });

  it('is not read from a file that holds none, and nothing is left of the attempt', async () => {
    await writeFile(at('text.tgz'), 'text');
    await assert.rejects(
      importWorkspace(at('two'), at('text.tgz')),
      /cannot be read as an exported workspace/,
    );
    await mkdir(at('other'));
    await pipeline(packTar(at('other')), createGzip(), createWriteStream(at('other.tgz')));
    await assert.rejects(importWorkspace(at('two'), at('other.tgz')), /no workspace\.json/);
    await assert.rejects(importWorkspace(at('two'), at('none.tgz')), /There is no file/);
    assert.deepEqual([existsSync(at('two')), existsSync(at('two.new'))], [false, false]);
  });

  it('never writes outside its folder', async () => {
    const source = await workspaceIn('one');
    const escaping = packTar(source, { map: (header) => ({ ...header, name: `../${header.name}` }) });
    await pipeline(escaping, createGzip(), createWriteStream(at('escaping.tgz')));
    await importWorkspace(at('deep', 'two'), at('escaping.tgz')).catch(() => undefined);
    assert.equal(existsSync(at('deep', 'workspace.json')), false);
  });
});
