import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { isAlive } from '../../../local/workspace/address.ts';

const program = path.resolve('bin', 'azureml-local.mjs');

describe('A workspace that cannot be started', () => {
  let home: string;
  before(async () => void (home = await mkdtemp(path.join(os.tmpdir(), 'foreground-'))));
  after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const said = async (...flags: string[]): Promise<string> => {
    const child = spawn(process.execPath, [program, 'start', '--home', home, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return text(child.stderr);
  };

  it('is not begun with a port that is none', async () => {
    assert.match(await said('--port', '70000'), /'70000' is invalid\. It is a number from 0 to 65535\./);
    assert.equal(existsSync(path.join(home, 'workspace')), false);
  });

  it('says why in its own words, and once what to do next', async () => {
    const words = await said('--fault', path.join(home, 'none.yml'));
    assert.match(words, /The faults cannot be read: .*none\.yml/);
    assert.equal(words.match(/Next: /g)?.length, 1);
  });
});

describe('A workspace in the foreground that keeps nothing', () => {
  let home: string;
  before(async () => void (home = await mkdtemp(path.join(os.tmpdir(), 'foreground-'))));
  after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

  it('is not moved by another start, and is gone with its storage and its data after Ctrl+C', async () => {
    const child = spawn(process.execPath, [program, 'start', '--foreground', '--memory', '--home', home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    for await (const line of createInterface({ input: child.stdout }))
      if (line.startsWith('Settings for clients')) break;
    const again = spawn(process.execPath, [program, 'start', '--port', '1', '--home', home]);
    assert.match(await text(again.stderr), /already running .*: --port cannot be heeded any more/);
    const folder = path.join(home, 'workspace-in-memory');
    const log = await readFile(path.join(folder, 'workspace.log'), 'utf8');
    const storage = Number(/storage runs as process (\d+)/.exec(log)?.[1]);
    assert.equal(isAlive(storage), true);
    child.kill('SIGINT');
    assert.equal(await ended, 0);
    assert.deepEqual([isAlive(storage), existsSync(folder)], [false, false]);
  });
});
