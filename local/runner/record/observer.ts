import type { JobRecord, RunRecord, StageRecord, StepRecord } from './model.ts';

/** Where in a run something happened. */
export interface Position {
  readonly stage: StageRecord;
  readonly job: JobRecord;
  readonly step: StepRecord;
}

/** Hears what goes into the record, after masking. */
export interface RunObserver {
  run(run: RunRecord): void;
  stage(stage: StageRecord): void;
  job(stage: StageRecord, job: JobRecord): void;
  step(position: Position): void;
  line(position: Position, text: string): void;
}
