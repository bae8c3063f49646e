import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  prepareEnvironment,
  type EnvironmentRequest,
  type PrepareOptions,
} from '../../../../../local/workspace/engine/environments/index.ts';
import { satisfies } from '../../../../../local/workspace/engine/environments/satisfied.ts';
import { makeWheel, offline } from './wheels.ts';

const run = promisify(execFile);
const condaWith = (...lines: string[]) =>
  `dependencies:\n- pip:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

describe('Preparing an environment', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let cacheFolder: string;
  /** An interpreter with other 1.0 and tiny 2.0. */
  let ready: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'environments-'));
    cacheFolder = path.join(folder, 'cache');
    const wheels = path.join(folder, 'wheels');
    await makeWheel(wheels, 'tiny', '1.0');
    await makeWheel(wheels, 'tiny', '2.0');
    await makeWheel(wheels, 'other', '1.0', 'tiny>=2');
    env = offline(wheels);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const prepare = async (request: EnvironmentRequest, options: Partial<PrepareOptions> = {}) => {
    const lines: string[] = [];
    const prepared = await prepareEnvironment(request, {
      cacheFolder,
      onLog: (line) => lines.push(line),
      processEnvironment: env,
      ...options,
    });
    return { ...prepared, lines };
  };

  it('installs what is asked for, tells what it does as it does it, and keeps it', async () => {
    const request = { condaFile: condaWith('tiny<2'), extraPipRequirements: ['tiny>=1'] };
    const made = await prepare(request);
    assert.ok(made.lines.some((line) => line.startsWith('Making a virtual environment with Python 3')));
    assert.ok(made.lines.some((line) => line.includes('Successfully installed tiny-1.0')));
    const { stdout } = await run(made.python, ['-c', 'import tiny; print(tiny.VERSION)']);
    assert.equal(stdout.trim(), '1.0');
    const script = await readFile(path.join(made.binFolder, 'tiny-hello'), 'utf8');
    assert.ok(script.includes(made.binFolder), 'scripts start with the path that stays');
    const again = await prepare(request, { processEnvironment: { ...env, PIP_FIND_LINKS: '/nowhere' } });
    assert.equal(again.python, made.python);
    assert.deepEqual(again.lines, [
      `Using the cached environment ${made.properties['embedded.environment']}.`,
    ]);
  });

  it('is left by a killed process so that of two that follow one makes it and the other waits', async () => {
    const request = { condaFile: condaWith('other==1.0') };
    const script = fileURLToPath(new URL('./prepareAndDie.ts', import.meta.url));
    const args = ['--import', 'tsx', script, cacheFolder, request.condaFile];
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL');
    const both = await Promise.all([prepare(request), prepare(request)]);
    const makers = both.filter(({ lines }) => lines.some((line) => line.startsWith('Making')));
    assert.equal(makers.length, 1);
    await run(makers[0]!.python, ['-c', 'import other, tiny']);
    ready = makers[0]!.python;
  });

  it('takes the interpreter on PATH as it is when that has everything already', async () => {
    const onPath = { ...env, PATH: `${path.dirname(ready)}${path.delimiter}${env['PATH']}` };
    const asIs = await prepare(
      { condaFile: condaWith('other>=1,<2', 'tiny') },
      { processEnvironment: onPath },
    );
    assert.equal(asIs.properties['embedded.environment'], 'interpreter');
    assert.equal(path.dirname(asIs.python), path.dirname(ready));
  });

  for (const [lines, expected] of [
    [['other', 'tiny==2.0'], true],
    [['tiny==1.0'], false],
    [['other>1'], false],
    [['no-such-package'], false],
    [['no-such-package; python_version < "3"'], true],
    [['tiny', '--extra-index-url https://x/y'], false],
    [['tiny @ https://x/tiny.whl'], false],
    [[], true],
  ] as const) {
    it(`${expected ? 'finds' : 'does not find'} ${JSON.stringify(lines)} in an interpreter with other 1.0 and tiny 2.0`, async () => {
      assert.equal(await satisfies(ready, lines, env), expected);
    });
  }

  it('gives a folder with a python in it when nothing is asked for', async () => {
    const { binFolder, python, properties } = await prepare({
      image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04',
    });
    const { stdout } = await run(path.join(binFolder, 'python'), [
      '-c',
      'import sys; print(sys.version_info[0])',
    ]);
    assert.equal(stdout.trim(), '3');
    assert.ok(path.isAbsolute(python));
    assert.equal(properties['embedded.environment'], 'interpreter');
  });

  it('warns when the Python asked for is not on this machine, and uses the one that is', async () => {
    const { warnings, properties, lines } = await prepare({ condaFile: 'dependencies: [python=2.6]' });
    assert.match(
      warnings[0] ?? '',
      /asks for Python ==2\.6\.\*, which this machine does not have; Python 3\.\d+\.\d+ is used/,
    );
    assert.equal(properties['embedded.pythonAsked'], '==2.6.*');
    assert.ok(lines.includes(`Warning: ${warnings[0]}`));
  });

  it('fails with the reason that pip gives, and keeps nothing', async () => {
    const before = await readdir(cacheFolder);
    await assert.rejects(
      prepare({ condaFile: condaWith('no-such-package==7') }),
      /Image build failed: pip could not install.*No matching distribution found for no-such-package==7/s,
    );
    const left = (await readdir(cacheFolder)).filter(
      (name) => !before.includes(name) && !name.endsWith('.lock'),
    );
    assert.deepEqual(left, []);
  });

  it('ends pip and removes what it made when it is aborted', async () => {
    const abort = new AbortController();
    const onLog = (line: string) => {
      if (line.startsWith('Making')) abort.abort();
    };
    await assert.rejects(
      prepare({ condaFile: condaWith('tiny', 'other') }, { onLog, signal: abort.signal }),
      { name: 'AbortError' },
    );
  });
});
