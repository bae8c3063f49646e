import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  continueRelease,
  runRelease,
  type ReleaseOptions,
  type ReleaseSettings,
  type RunOutcome,
  type RunRecord,
} from '../../../../local/runner/index.ts';
import { readTaskCatalog } from '../../../../local/runner/agent/task/catalog.ts';
import { readRelease } from '../../../../local/runner/release/read/index.ts';
import { logOf, readRecord, screen, type Project } from '../execute/harness.ts';

type StageRecord = RunRecord['stages'][number];

/** What a finished or waiting release left behind. */
export interface Released {
  readonly outcome: RunOutcome;
  readonly folder: string;
  readonly record: RunRecord;
  readonly shown: string;
  stage(name: string): StageRecord;
  /** `name: result` of every stage; `waiting` or `pending` for those that have not ended. */
  stages(): Record<string, string>;
  /** The logs of all steps of a stage, one after the other, without times. */
  log(stage: string): string;
}

type Supplies = Omit<Parameters<typeof readRelease>[0], 'path' | 'file' | 'catalog'>;
type More = Partial<ReleaseOptions> & {
  readonly answersTyped?: readonly string[];
  /** What the export only names, by files. */
  readonly supplies?: Supplies;
};

/** Writes a definition, reads it and runs a release of it with real processes. */
export async function release(project: Project, definition: object, more: More = {}): Promise<Released> {
  const plan = await read(project, definition, more.taskFolders, more.supplies);
  const terminal = screen(more.answersTyped);
  const options = { ...settings(project), terminal: terminal.terminal, ...more };
  return released(await runRelease({ ...options, plan, runsFolder: project.runs }), terminal.shown());
}

export async function read(
  project: Project,
  definition: object,
  taskFolders: readonly string[] = [path.join(project.folder, 'tasks')],
  supplies: Supplies = {},
) {
  const file = path.join(project.folder, 'release.json');
  writeFileSync(file, JSON.stringify(definition, undefined, 2));
  const catalog = await readTaskCatalog(taskFolders);
  return readRelease({ path: file, file, catalog, ...supplies });
}

export async function goOn(project: Project, folder: string, more: More = {}): Promise<Released> {
  const terminal = screen(more.answersTyped);
  const given = { ...settings(project), terminal: terminal.terminal, ...more };
  return released(await continueRelease(folder, given), terminal.shown());
}

function settings(project: Project): Omit<ReleaseSettings, 'terminal'> {
  return {
    connections: [],
    taskFolders: [path.join(project.folder, 'tasks')],
    user: { displayName: 'Ada Lovelace', uniqueName: 'ada@example.org' },
    secretsKeyFile: path.join(project.folder, 'home', 'key'),
    environment: { PATH: process.env['PATH'], HOME: project.folder },
    virtualClock: true,
  };
}

function released(outcome: RunOutcome, shown: string): Released {
  const folder = outcome.recordFolder;
  const record = readRecord(folder);
  const stage = (name: string): StageRecord => {
    const found = record.stages.find((one) => one.name === name);
    if (!found) throw new Error(`The record has no stage ${name}.`);
    return found;
  };
  return {
    ...{ outcome, folder, record, shown, stage },
    stages: () => Object.fromEntries(record.stages.map((one) => [one.name, one.result ?? one.state])),
    log: (name) =>
      stage(name)
        .jobs.flatMap((job) => job.steps.map((step) => logOf(folder, step)))
        .join('\n'),
  };
}
