import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { asRatio, asSeconds, atMost, median, type Bench, type Figure } from './figure.ts';
import { taskEnvironment } from './taskEnvironment.ts';
import { inFolder, startWorkspaceProcess, type WorkspaceProcess } from './workspaceProcess.ts';

const LINES = 300;
const LONGEST_MEDIAN_IN_MS = 3000;
const LONGEST_IN_MS = 5000;
const LARGEST_SHARE = 1.1;

/** Prints the time at uneven intervals for half a minute, with enough around it to look like a training log. */
const PROGRAM = `
import random, sys, time
random.seed(7)
for number in range(${LINES}):
    print(f"step {number} at {time.time() * 1000:.0f} loss {random.random():.6f} " + "." * 200, flush=True)
    time.sleep(random.uniform(0, 0.2))
`;
const JOB = `
type: command
experiment_name: bench
code: src
command: python print_times.py
environment:
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest
compute: azureml:cpu-cluster
`;

/** From the moment a job prints a line to the moment TrainModel prints it, and what following the log costs. */
export const logLatency: Bench = {
  name: 'log',
  title: 'Live training log, and code that did not change',
  measure: () =>
    inFolder(async (folder) => {
      await mkdir(path.join(folder, 'src'));
      await writeFile(path.join(folder, 'src', 'print_times.py'), PROGRAM);
      await writeFile(path.join(folder, 'train.job.yml'), JOB);
      const workspace = await startWorkspaceProcess(path.join(folder, 'workspace'));
      try {
        const first = await train(workspace, folder, '1');
        const second = await train(workspace, folder, '2');
        return [...figuresOf(first), unchanged(first, second)];
      } finally {
        await workspace.stop();
      }
    }),
};

interface Training {
  readonly latenciesInMs: readonly number[];
  readonly bytesWritten: number;
  readonly traffic: Readonly<Record<string, Count>>;
}

interface Count {
  readonly requests: number;
  readonly fetched: number;
  readonly sent: number;
}

async function train({ address }: WorkspaceProcess, folder: string, build: string): Promise<Training> {
  const trafficFile = path.join(folder, `traffic-${build}.json`);
  const env = {
    ...taskEnvironment({
      folder,
      reach: address,
      inputs: { jobFile: path.join(folder, 'train.job.yml') },
      variables: { 'Agent.CAInfo': address.caFile, 'Build.BuildId': build },
    }),
    BENCH_TRAFFIC_FILE: trafficFile,
  };
  const counter = path.resolve('scripts', 'bench', 'countTraffic.cjs');
  const task = path.resolve('build', 'tasks', 'TrainModel', 'index.js');
  const child = spawn(process.execPath, ['--require', counter, task], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const latenciesInMs: number[] = [];
  const said: string[] = [];
  let bytesWritten = 0;
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    const printed = /step \d+ at (\d+) loss [\d.]+ \.+$/.exec(line);
    if (!printed) continue;
    latenciesInMs.push(Date.now() - Number(printed[1]));
    bytesWritten += Buffer.byteLength(printed[0]) + 1;
  }
  if ((await ended) !== 0 || latenciesInMs.length !== LINES)
    throw new Error(
      `TrainModel showed ${latenciesInMs.length} of ${LINES} lines:\n${said.slice(-20).join('\n')}`,
    );
  const traffic = JSON.parse(await readFile(trafficFile, 'utf8')) as Training['traffic'];
  return { latenciesInMs, bytesWritten, traffic };
}

function figuresOf({ latenciesInMs, bytesWritten, traffic }: Training): Figure[] {
  const logs = Object.entries(traffic).filter(([address]) => /^GET .*std_log/.test(address));
  const fetched = logs.reduce((sum, [, count]) => sum + count.fetched, 0);
  return [
    atMost(`${LINES} log lines, median delay`, median(latenciesInMs), LONGEST_MEDIAN_IN_MS, asSeconds),
    atMost(`${LINES} log lines, longest delay`, Math.max(...latenciesInMs), LONGEST_IN_MS, asSeconds),
    atMost('Log bytes fetched to bytes written', fetched / bytesWritten, LARGEST_SHARE, asRatio),
  ];
}

function unchanged(first: Training, second: Training): Figure {
  const sent = bytesOfCode(second);
  if (bytesOfCode(first) === 0) throw new Error('Sending code the first time was not seen.');
  return {
    what: 'Code that did not change, bytes sent to storage',
    value: `${sent} bytes`,
    target: '0 bytes',
    met: sent === 0,
  };
}

/** What was put under the code folder's name; the evidence of the job is another thing, and new each time. */
function bytesOfCode({ traffic }: Training): number {
  const puts = Object.entries(traffic).filter(([address]) => /^PUT .*\/src\//.test(address));
  return puts.reduce((sum, [, count]) => sum + count.sent, 0);
}
