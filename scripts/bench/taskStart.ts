import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ensureCertificates } from '../../local/workspace/server/certificates.ts';
import { asMilliseconds, asRatio, atMost, median, type Bench, type Figure } from './figure.ts';
import { CONNECTION, taskEnvironment } from './taskEnvironment.ts';

const ROUNDS = 15;
const LARGEST_RATIO = 3.5;
const GIVEN_UP_AFTER_IN_MS = 30_000;
const SAMPLE = path.resolve('samples', 'diabetes');

/** Inputs as the sample pipeline gives them. */
const INPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TrainModel: { jobFile: path.join(SAMPLE, 'train.job.yml'), set: 'inputs.alpha=1' },
  EvaluateModel: {
    candidate: 'b1_train',
    champion: 'endpoint',
    endpointName: 'diabetes',
    policyFile: path.join(SAMPLE, 'evaluation.yml'),
  },
  RegisterModel: {
    source: 'azureml://jobs/b1_train/outputs/model',
    modelName: 'diabetes',
    onlyIfPassed: 'true',
  },
  DownloadModel: { connection: CONNECTION, definition: 'diabetes', version: '1', downloadPath: 'model' },
  DeployModel: {
    action: 'plan',
    endpointFile: path.join(SAMPLE, 'endpoint.yml'),
    endpointName: 'diabetes',
    deploymentFile: path.join(SAMPLE, 'deployment.yml'),
    model: 'azureml:diabetes:1',
    strategy: 'blue-green',
    smokeTestFile: path.join(SAMPLE, 'smoke-test.yml'),
  },
};

/** From the start of a task's process until its first request has arrived, against a process that does nothing. */
export const taskStart: Bench = {
  name: 'task-start',
  title: 'Task start',
  async measure() {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
    const listener = await listen(folder);
    try {
      await cp(path.resolve('build', 'tasks'), path.join(folder, 'tasks'), { recursive: true });
      return await rounds(folder, listener);
    } finally {
      await listener.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function rounds(folder: string, listener: Listener): Promise<Figure[]> {
  const bare: number[] = [];
  const times = new Map(Object.keys(INPUTS).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timeOfBareNode());
    for (const [name, taken] of times) taken.push(await timeToFirstRequest(name, folder, listener));
  }
  const base = median(bare);
  return [
    { what: 'Bare `node -e 0`', value: asMilliseconds(base) },
    ...[...times].map(([name, taken]) =>
      atMost(`${name}, process start to first request`, median(taken) / base, LARGEST_RATIO, asRatio),
    ),
  ];
}

function timeOfBareNode(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(performance.now() - started));
  });
}

async function timeToFirstRequest(name: string, folder: string, listener: Listener): Promise<number> {
  const arrival = listener.next();
  const env = {
    ...taskEnvironment({ folder, reach: listener.reach, inputs: INPUTS[name] ?? {} }),
    NODE_EXTRA_CA_CERTS: listener.caFile,
  };
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(folder, 'tasks', name, 'index.js')], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += String(text)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const early = ended.then(() => Promise.reject(new Error(`${name} ended before it sent anything: ${said}`)));
  const giveUp = setTimeout(() => child.kill('SIGKILL'), GIVEN_UP_AFTER_IN_MS);
  try {
    return (await Promise.race([arrival, early])) - started;
  } finally {
    clearTimeout(giveUp);
    child.kill('SIGKILL');
    await ended;
  }
}

interface Listener {
  readonly caFile: string;
  readonly reach: Parameters<typeof taskEnvironment>[0]['reach'];
  /** When the next request arrives, on the clock of this process. */
  next(): Promise<number>;
  close(): Promise<void>;
}

/** A server that notes when a request comes and never answers. */
async function listen(folder: string): Promise<Listener> {
  const { caFile, certFile, keyFile } = await ensureCertificates(path.join(folder, 'tls'), new Date());
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  const server = https.createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    caFile,
    reach: {
      apiUrl: `https://localhost:${port}`,
      tenantId: '00000000-0000-4000-8000-000000000001',
      clientId: '00000000-0000-4000-8000-000000000002',
      clientSecret: 'only-for-measuring',
      subscriptionId: '00000000-0000-4000-8000-000000000003',
      resourceGroup: 'bench',
      workspaceName: 'bench',
    },
    next: () => new Promise((resolve) => server.once('request', () => resolve(performance.now()))),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
