import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { asSeconds, atMost, type Bench, type Figure } from './figure.ts';
import { inFolder } from './workspaceProcess.ts';

const LONGEST_IN_MS = 25_000;
const LOOK_EVERY_IN_MS = 100;

/** `npm start` with everything installed, built and cached, less what the user's own programs take. */
export const warmStart: Bench = {
  name: 'start',
  title: 'A warm npm start',
  async measure() {
    const cold = await inFolder(once);
    return (cold.isWarm ? cold : await inFolder(once)).figures;
  },
};

interface Outcome {
  readonly figures: readonly Figure[];
  /** Whether the Python environments were there already. */
  readonly isWarm: boolean;
}

async function once(home: string): Promise<Outcome> {
  const training = watchTraining(path.join(home, 'workspace', 'jobs'));
  const started = performance.now();
  await command([path.resolve('scripts', 'start.mjs'), '--approve'], home).finally(training.stop);
  const total = performance.now() - started;
  try {
    const own = await ownPrograms(home, training);
    const rest = total - own.scripts - own.training - own.scoring;
    const figures = [
      { what: 'Whole run', value: asSeconds(total) },
      { what: 'Script steps of the pipeline', value: asSeconds(own.scripts) },
      { what: 'Training process', value: asSeconds(own.training) },
      { what: 'score.py, start to ready, all deployments', value: asSeconds(own.scoring) },
      atMost('All the rest', rest, LONGEST_IN_MS, asSeconds),
    ];
    return { figures, isWarm: own.isWarm };
  } finally {
    await command([path.resolve('bin', 'azureml-local.mjs'), 'stop'], home);
  }
}

/** Runs one of our own commands on a home of its own; it throws with what was said when it fails. */
async function command(args: readonly string[], home: string): Promise<void> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, AZUREML_LOCAL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => said.push(text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0)
    throw new Error(`${args[0]} ended with ${code}:\n${Buffer.concat(said).toString().slice(-4000)}`);
}

interface OwnPrograms {
  readonly scripts: number;
  readonly training: number;
  readonly scoring: number;
  readonly isWarm: boolean;
}

async function ownPrograms(home: string, training: TrainingWatch): Promise<OwnPrograms> {
  const events = await filesBelow(path.join(home, 'workspace', 'deployments'), 'events.jsonl');
  if (training.logs.size === 0 || events.length === 0)
    throw new Error('The run trained or deployed nothing.');
  const builds = await Promise.all(events.map((file) => readFile(environmentLogBeside(file), 'utf8')));
  return {
    scripts: await scriptTime(path.join(home, 'runs')),
    training: sum([...training.logs.values()]),
    scoring: sum(await Promise.all(events.map(timeToReady))),
    isWarm: training.isWarm() && builds.every(isCached),
  };
}

function environmentLogBeside(eventFile: string): string {
  return path.join(path.dirname(eventFile), 'environment.log');
}

const isCached = (log: string): boolean => log.includes('cached environment');

interface TrainingWatch {
  /** Time of each training process by its log, from the making of the log to its last line, in milliseconds. */
  readonly logs: ReadonlyMap<string, number>;
  readonly isWarm: () => boolean;
  readonly stop: () => void;
}

/** Looks at the logs of jobs while they are there: a job's folder goes when the job ends. */
function watchTraining(jobs: string): TrainingWatch {
  const logs = new Map<string, number>();
  const builds = new Map<string, string>();
  const look = async (): Promise<void> => {
    for (const file of await filesBelow(jobs, 'std_log.txt')) logs.set(file, await timeOfLog(file));
    for (const file of await filesBelow(jobs, '20_image_build_log.txt'))
      builds.set(file, await readFile(file, 'utf8'));
  };
  // A file may go between being listed and being read.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_IN_MS);
  return { logs, isWarm: () => [...builds.values()].every(isCached), stop: () => clearInterval(timer) };
}

async function filesBelow(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((entry) => path.basename(entry) === name).map((entry) => path.join(folder, entry));
}

interface Step {
  readonly kind: string;
  readonly durationInMs?: number;
}

async function scriptTime(runs: string): Promise<number> {
  const [file = ''] = await filesBelow(runs, 'run.json');
  const record = JSON.parse(await readFile(file, 'utf8')) as {
    readonly result?: string;
    readonly stages: readonly { readonly jobs: readonly { readonly steps: readonly Step[] }[] }[];
  };
  if (record.result !== 'succeeded') throw new Error(`The run ended as ${record.result}.`);
  const steps = record.stages.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  return sum(steps.filter(({ kind }) => kind === 'script').map(({ durationInMs = 0 }) => durationInMs));
}

/** From the start of the process, when its log is made, to the last line it printed. */
async function timeOfLog(file: string): Promise<number> {
  const { birthtimeMs, mtimeMs } = await stat(file);
  return mtimeMs - birthtimeMs;
}

/** From the start of the inference server to its first healthy answer. */
async function timeToReady(file: string): Promise<number> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { readonly time?: string; readonly name?: string });
  const at = (name: string): number => Date.parse(events.find((one) => one.name === name)?.time ?? '');
  const time = at('Ready') - at('Started');
  if (Number.isNaN(time)) throw new Error(`${file} does not say when the container started and got ready.`);
  return time;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
