import type { Store } from '../../../store/store.ts';
import { Experiments } from './experiments.ts';
import { Jobs } from './job.ts';
import { Metrics } from './metrics.ts';
import { Runs } from './runs.ts';

/** Everything the workspace remembers about jobs and runs. */
export interface Records {
  readonly jobs: Jobs;
  readonly runs: Runs;
  readonly experiments: Experiments;
  readonly metrics: Metrics;
}

export function recordsIn(store: Store): Records {
  const runs = new Runs(store);
  return {
    runs,
    jobs: new Jobs(store, runs),
    experiments: new Experiments(store),
    metrics: new Metrics(store, runs),
  };
}

export type { ExperimentDocument } from './experiments.ts';
export type { JobDocument, Json, MonitorOfJob } from './job.ts';
export type { LogBatch, NamedPoint } from './metrics.ts';
export { artifactPath, isTerminal } from './run.ts';
export type { MetricPoint, RunCreator, RunDocument, RunError, RunOutput, RunStatus } from './run.ts';
export type { NewRun } from './runs.ts';
