import path from 'node:path';
import type { Clock } from '../agent/clock.ts';
import type { TaskResult } from '../agent/results.ts';
import type { RecordResult, RunRecord } from './model.ts';
import type { RunObserver } from './observer.ts';
import { writeJson } from './save.ts';

/** Keeps `run.json` in step with the run, and tells observers. */
export interface Recorder {
  /** The record folder. */
  readonly folder: string;
  readonly run: RunRecord;
  readonly clock: Clock;
  readonly tell: RunObserver;
  /** Writes soon: many changes, one write. */
  saveSoon(): void;
  save(): void;
}

const SOON_IN_MS = 200;

export function createRecorder(
  folder: string,
  run: RunRecord,
  clock: Clock,
  observers: readonly RunObserver[],
): Recorder {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    writeJson(path.join(folder, 'run.json'), run);
  };
  const saveSoon = (): void => {
    timer ??= setTimeout(save, SOON_IN_MS).unref();
  };
  const all = (tell: (observer: RunObserver) => void): void => {
    observers.forEach(tell);
    saveSoon();
  };
  return {
    folder,
    run,
    clock,
    save,
    saveSoon,
    tell: {
      run: (record) => all((one) => one.run(record)),
      stage: (stage) => all((one) => one.stage(stage)),
      job: (stage, job) => all((one) => one.job(stage, job)),
      step: (position) => all((one) => one.step(position)),
      line: (position, text) => observers.forEach((one) => one.line(position, text)),
    },
  };
}

interface Running {
  startTime?: string;
  finishTime?: string;
  durationInMs?: number;
}

export function markStarted(record: Running, clock: Clock): void {
  record.startTime = clock.now().toISOString();
}

/** What never started has no duration. */
export function markFinished(record: Running, clock: Clock): void {
  const now = clock.now();
  record.finishTime = now.toISOString();
  if (record.startTime) record.durationInMs = now.getTime() - Date.parse(record.startTime);
}

const RESULTS: Readonly<Record<TaskResult, RecordResult>> = {
  Succeeded: 'succeeded',
  SucceededWithIssues: 'succeededWithIssues',
  Failed: 'failed',
  Canceled: 'canceled',
  Skipped: 'skipped',
  Abandoned: 'abandoned',
};

/** The agent's word for a result in the spelling of the REST API. */
export function recordResult(result: TaskResult): RecordResult {
  return RESULTS[result];
}
