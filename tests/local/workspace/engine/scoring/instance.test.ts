import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  startInstance,
  type Instance,
  type InstanceSpec,
} from '../../../../../local/workspace/engine/scoring/instance.ts';
import { isHealthy } from '../../../../../local/workspace/engine/scoring/probes.ts';
import { writeSupervisor } from '../../../../../local/workspace/engine/scoring/supervisor.ts';
import { pythonWithServer } from './python.ts';

const SCRIPT = `
import os, subprocess, sys
def init():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
def run(raw_data):
    if raw_data == "exit":
        os.kill(os.getppid(), 9)
    return os.getpid()
`;

describe('an inference server', () => {
  let folder: string;
  let spec: InstanceSpec;
  const running: Instance[] = [];
  const start = async () => {
    const instance = await startInstance(spec);
    running.push(instance);
    while (!(await isHealthy(instance.port, '/', 2_000))) await sleep(50);
    return instance;
  };
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'instance-'));
    await writeFile(path.join(folder, 'score.py'), SCRIPT);
    spec = {
      python: await pythonWithServer(),
      supervisor: await writeSupervisor(folder),
      appRoot: folder,
      logFile: path.join(folder, 'server.log'),
      environment: {
        PATH: process.env['PATH'] ?? '',
        HOME: folder,
        AZUREML_ENTRY_SCRIPT: 'score.py',
        AML_APP_ROOT: folder,
        AZUREML_MODEL_DIR: folder,
      },
    };
  });
  after(async () => {
    await Promise.all(running.map((instance) => instance.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  it('answers on the loopback interface and writes its log', async () => {
    const instance = await start();
    const reply = await fetch(`http://127.0.0.1:${instance.port}/score`, { method: 'POST', body: '{}' });
    assert.equal(reply.status, 200);
    assert.match(await readFile(spec.logFile, 'utf8'), /ready for serving traffic/);
  });

  it('cannot be reached from outside', async () => {
    const instance = await start();
    const outside = Object.values(os.networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    if (!outside) return;
    const socket = net.connect(instance.port, outside.address);
    const [error] = await once(socket, 'error');
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  });

  it('ends with everything it started when it is stopped', async () => {
    const instance = await start();
    await instance.stop();
    assert.equal(await instance.exited, 0);
    assert.deepEqual(await processesOfGroup(instance.processId), []);
  });

  it('reports the exit of a server that dies by itself', async () => {
    const instance = await start();
    await fetch(`http://127.0.0.1:${instance.port}/score`, { method: 'POST', body: 'exit' }).catch(() => {});
    assert.equal(await instance.exited, 128 + 9);
    assert.deepEqual(await processesOfGroup(instance.processId), []);
  });

  it('ends with everything it started when the workspace is killed', async () => {
    const program = `
      import { startInstance } from ${JSON.stringify(moduleUrl('instance.ts'))};
      import { isHealthy } from ${JSON.stringify(moduleUrl('probes.ts'))};
      const instance = await startInstance(JSON.parse(process.argv[2]));
      while (!(await isHealthy(instance.port, '/', 2000))) await new Promise((done) => setTimeout(done, 50));
      console.log(instance.processId);
      setInterval(() => {}, 1000);`;
    const file = path.join(folder, 'workspace.mts');
    await writeFile(file, program);
    const parent = spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify(spec)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(parent.stdout, 'data');
    const group = Number(String(output).trim());
    assert.notDeepEqual(await processesOfGroup(group), []);
    parent.kill('SIGKILL');
    for (let tries = 0; tries < 100 && (await processesOfGroup(group)).length > 0; tries += 1)
      await sleep(100);
    assert.deepEqual(await processesOfGroup(group), []);
  });

  it('names an interpreter that is not there', async () => {
    const missing = startInstance({ ...spec, python: path.join(folder, 'no-python') });
    await assert.rejects(missing, /no-python cannot be started/);
  });
});

function moduleUrl(name: string): string {
  const here = fileURLToPath(new URL('../../../../../local/workspace/engine/scoring/', import.meta.url));
  return pathToFileURL(path.join(here, name)).href;
}

/** Ids of the living processes of a group. */
async function processesOfGroup(group: number): Promise<string[]> {
  const ps = spawn('ps', ['-A', '-o', 'pid=,pgid=,stat='], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  ps.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(ps, 'close');
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, pgid, state]) => Number(pgid) === group && !state?.startsWith('Z'))
    .map(([pid]) => pid ?? '');
}
