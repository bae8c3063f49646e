import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../../local/runner/agent/clock.ts';
import {
  continueRun,
  predefinedVariables,
  runPipeline,
  type RunOptions,
  type RunOutcome,
  type RunRecord,
  type RunSettings,
} from '../../../../local/runner/index.ts';
import { readPipeline } from '../../../../local/runner/read/index.ts';

type StageRecord = RunRecord['stages'][number];
type JobRecord = StageRecord['jobs'][number];
export type StepRecord = JobRecord['steps'][number];

/** A pipeline's folder in the temp folder, with tasks beside it. */
export interface Project {
  readonly folder: string;
  readonly repository: string;
  readonly runs: string;
  write(file: string, content: string): void;
  /** A task of one JavaScript file; `more` goes into its task.json. */
  task(name: string, script: string, more?: object): void;
}

export function createProject(folder = temporaryFolder()): Project {
  const put = (file: string, content: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  mkdirSync(path.join(folder, 'tasks'), { recursive: true });
  const repository = path.join(folder, 'repository');
  return {
    folder,
    repository,
    runs: path.join(folder, 'runs'),
    write: (file, content) => put(path.join(repository, file), content),
    task(name, script, more = {}) {
      const definition = {
        id: '6f0b3c4e-0000-4000-8000-000000000001',
        name,
        friendlyName: name,
        version: { Major: 1, Minor: 0, Patch: 0 },
        inputs: [],
        execution: { Node20_1: { target: 'index.js' } },
        ...more,
      };
      put(path.join(folder, 'tasks', name, 'task.json'), JSON.stringify(definition));
      put(path.join(folder, 'tasks', name, 'index.js'), script);
    },
  };
}

const temporary: string[] = [];

/** For `after`: takes away what the projects of a test file left. */
export function removeProjects(): void {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'runner-'));
  temporary.push(folder);
  return folder;
}

/** What a finished or waiting run left behind. */
export interface Ran {
  readonly outcome: RunOutcome;
  readonly folder: string;
  readonly record: RunRecord;
  /** Everything shown on the terminal. */
  readonly shown: string;
  stage(name: string): StageRecord;
  job(name: string): JobRecord;
  step(refName: string): StepRecord;
  /** The step's log without its times. */
  log(refName: string): string;
  /** The results of all steps by reference name. */
  results(): Record<string, string | undefined>;
}

type More = Partial<Omit<RunOptions, 'plan'>> & {
  readonly input?: string;
  readonly answersTyped?: readonly string[];
};

/** Writes the pipeline, reads it and runs it with real processes; nobody watches the terminal. */
export async function run(project: Project, yaml: string, more: More = {}): Promise<Ran> {
  project.write('azure-pipelines.yml', yaml);
  const file = path.join(project.repository, 'azure-pipelines.yml');
  const plan = await readPipeline({ file, predefined: await predefinedVariables(project.repository) });
  const terminal = screen(more.answersTyped);
  const options = {
    ...settings(project),
    terminal: terminal.terminal,
    repository: project.repository,
    ...more,
  };
  const outcome = await runPipeline({ ...options, plan, runsFolder: project.runs });
  return ran(outcome, terminal.shown());
}

export async function goOn(project: Project, folder: string, more: More = {}): Promise<Ran> {
  const terminal = screen(more.answersTyped);
  const outcome = await continueRun(folder, { ...settings(project), terminal: terminal.terminal, ...more });
  return ran(outcome, terminal.shown());
}

function settings(project: Project): Omit<RunSettings, 'terminal'> {
  return {
    connections: [],
    taskFolders: [path.join(project.folder, 'tasks')],
    user: { displayName: 'Ada Lovelace', uniqueName: 'ada@example.org' },
    secretsKeyFile: path.join(project.folder, 'home', 'key'),
    environment: { PATH: process.env['PATH'], HOME: project.folder },
    continueCommand: (folder) => `continue ${folder}`,
  };
}

/** A terminal that keeps what is written to it; with answers, somebody sits before it and answers each question. */
export function screen(typed?: readonly string[]) {
  const output = new PassThrough();
  const input = new PassThrough();
  let shown = '';
  const answers = [...(typed ?? [])];
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8');
    const isAsked = /(?:later|none\)): $/.test(shown);
    const answer = isAsked ? answers.shift() : undefined;
    if (answer !== undefined) input.write(`${answer}\n`);
  });
  return { terminal: { input, output, isInteractive: typed !== undefined }, input, shown: () => shown };
}

function ran(outcome: RunOutcome, shown: string): Ran {
  const folder = outcome.recordFolder;
  const record = readRecord(folder);
  const steps = record.stages.flatMap((stage) => stage.jobs.flatMap((job) => job.steps));
  const step = (name: string): StepRecord =>
    found(
      steps.find((one) => one.refName === name),
      `step ${name}`,
    );
  return {
    ...{ outcome, folder, record, shown, step },
    stage: (name) =>
      found(
        record.stages.find((one) => one.name === name),
        `stage ${name}`,
      ),
    job: (name) =>
      found(
        record.stages.flatMap((one) => one.jobs).find((one) => one.name === name),
        `job ${name}`,
      ),
    log: (name) => logOf(folder, step(name)),
    results: () => Object.fromEntries(steps.map((one) => [one.refName, one.result])),
  };
}

export function readRecord(folder: string): RunRecord {
  return JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
}

export function logOf(folder: string, step: StepRecord): string {
  if (!step.log) return '';
  const lines = readFileSync(path.join(folder, step.log), 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.slice(line.indexOf(' ') + 1)).join('\n');
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The record has no ${what}.`);
  return value;
}

/** A clock that runs so many times faster, and remembers what it was asked to wait. */
export function fastClock(factor: number): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  const start = Date.now();
  return {
    waits,
    now: () => new Date(start + (Date.now() - start) * factor),
    async sleep(ms, signal) {
      waits.push(ms);
      await delay(ms / factor, undefined, signal ? { signal } : {}).catch(() => undefined);
    },
  };
}

/** A pipeline of one job with these steps, indented by the caller as in `steps:`. */
export function job(steps: string): string {
  return `jobs:\n- job: main\n  steps:\n  - checkout: none\n${steps.replace(/^/gm, '  ')}`;
}
