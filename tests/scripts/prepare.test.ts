import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A fresh clone with nothing on PATH but what a test puts there. */
describe('What every command needs first', () => {
  let clone: string;
  let bin: string;

  beforeEach(async () => {
    clone = await mkdtemp(path.join(os.tmpdir(), 'clone-'));
    bin = path.join(clone, 'bin-on-path');
    await mkdir(bin);
    await cp('scripts', path.join(clone, 'scripts'), { recursive: true });
    await cp('package-lock.json', path.join(clone, 'package-lock.json'));
    await writeFile(path.join(clone, 'package.json'), '{ "type": "module" }');
  });

  afterEach(() => rm(clone, { recursive: true, force: true }));

  async function onPath(name: string, script: string): Promise<void> {
    const file = path.join(bin, name);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }

  const start = (script = 'start.mjs'): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, [path.join(clone, 'scripts', script)], {
      encoding: 'utf8',
      env: { PATH: bin },
    });

  it('says that Python is missing', () => {
    const { status, stderr } = start();
    assert.equal(status, 1);
    assert.match(stderr, /^python3 or python was not found on PATH; Python 3\.9 or newer is needed/);
  });

  it('says which Python is too old', async () => {
    await onPath('python3', 'echo False 3.8.10');
    assert.match(start().stderr, /^Python on PATH is too old \(python3 is 3\.8\.10\)/);
  });

  it('takes the python that is new enough', async () => {
    await onPath('python3', 'echo False 3.8.10');
    await onPath('python', 'echo True 3.12.1');
    assert.match(start().stderr, /^npm could not be started/);
  });

  it('says what to do when packages cannot be fetched', async () => {
    await onPath('python3', 'echo True 3.12.1');
    await onPath('npm', 'echo "npm error ENOTFOUND" >&2; exit 1');
    const { status, stderr } = start();
    assert.equal(status, 1);
    assert.match(stderr, /npm error ENOTFOUND\nThe packages could not be installed/);
    assert.match(stderr, /npm registry, which must be reachable this once/);
  });

  for (const script of ['test.mjs', 'check.mjs', 'package.mjs']) {
    it(`comes first in ${script}, without any package`, async () => {
      await onPath('python3', 'echo True 3.12.1');
      assert.match(start(script).stderr, /^npm could not be started/);
    });
  }
});
