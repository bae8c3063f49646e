import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { request } from 'undici';
import { readTaskCatalog } from '../../local/runner/agent/task/catalog.ts';
import { readRelease, runRelease, type ServerTasks } from '../../local/runner/index.ts';
import { asSeconds, atMost, type Bench, type Figure } from './figure.ts';
import { inFolder } from './workspaceProcess.ts';

const STAGES = 20;
const GATES = 5;
/** With the first sample after 6 minutes and one every 15, a stage takes 216 minutes: 20 of them take three days. */
const SAMPLES = 15;
const STABILIZATION_IN_MINUTES = 6;
const INTERVAL_IN_MINUTES = 15;
const DAYS = 3;
const LONGEST_IN_MS = 30_000;
const GATE = '9a1f3c52-6f0e-4a3a-8a43-6a1f0f4f0b01';

/** Three days of gates, each sample a real request, on the clock that leaps. */
export const release: Bench = {
  name: 'release',
  title: 'A release of 20 stages with 5 gates each, its virtual three days',
  measure: () =>
    inFolder(async (folder) => {
      const server = createServer((_, answer) => answer.end('{"value":1}')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('The server has no port.');
      try {
        return await measureRelease(folder, `http://127.0.0.1:${address.port}/`);
      } finally {
        server.close();
      }
    }),
};

async function measureRelease(folder: string, url: string): Promise<readonly Figure[]> {
  const taskFolder = path.join(folder, 'tasks', 'Gate');
  await mkdir(taskFolder, { recursive: true });
  const task = {
    ...{ id: GATE, name: 'Gate', version: { Major: 1, Minor: 0, Patch: 0 }, inputs: [] },
    execution: { HttpRequest: { Execute: { EndpointUrl: url, Method: 'GET' } } },
  };
  await writeFile(path.join(taskFolder, 'task.json'), JSON.stringify(task));
  const file = path.join(folder, 'release.json');
  await writeFile(file, JSON.stringify(definition()));
  const taskFolders = [path.join(folder, 'tasks')];
  const plan = readRelease({ path: file, file, catalog: await readTaskCatalog(taskFolders) });
  const output = new PassThrough().resume();
  let requests = 0;
  const serverTasks: ServerTasks = {
    async run({ outputs }) {
      const sample = Number(outputs.get('sample') ?? 0) + 1;
      outputs.set('sample', String(sample));
      requests += 1;
      await (await request(url)).body.json();
      const result = sample >= SAMPLES ? 'Succeeded' : 'Failed';
      return { result, message: `sample ${sample}` };
    },
  };
  const start = performance.now();
  const outcome = await runRelease({
    ...{ plan, taskFolders, serverTasks, connections: [], virtualClock: true },
    runsFolder: path.join(folder, 'runs'),
    terminal: { input: new PassThrough(), output, isInteractive: false },
    user: { displayName: 'bench', uniqueName: 'bench' },
  });
  const took = performance.now() - start;
  if (outcome.state !== 'completed' || outcome.result !== 'succeeded')
    throw new Error('The release did not end well.');
  return [
    atMost(`${STAGES} stages, ${GATES} gates each, ${DAYS} virtual days`, took, LONGEST_IN_MS, asSeconds),
    { what: 'Gate samples', value: String(requests) },
  ];
}

function definition(): object {
  const gate = { tasks: [{ taskId: GATE, version: '1.*', name: 'Gate', enabled: true, inputs: {} }] };
  const environments = Array.from({ length: STAGES }, (_, index) => ({
    ...{ id: index + 1, rank: index + 1, name: `Stage ${index + 1}`, deployPhases: [] },
    conditions: [
      index === 0
        ? { conditionType: 'event', name: 'ReleaseStarted' }
        : { conditionType: 'environmentState', name: `Stage ${index}`, value: '4' },
    ],
    preDeploymentGates: {
      gatesOptions: {
        ...{ isEnabled: true, timeout: 1440, minimumSuccessDuration: 0 },
        samplingInterval: INTERVAL_IN_MINUTES,
        stabilizationTime: STABILIZATION_IN_MINUTES,
      },
      gates: Array.from({ length: GATES }, (__, number) => ({
        tasks: gate.tasks.map((one) => ({ ...one, name: `Gate ${number + 1}` })),
      })),
    },
  }));
  return { id: 1, name: 'bench', environments };
}
