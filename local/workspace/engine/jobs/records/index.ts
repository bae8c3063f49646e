import type { Collection, Store } from '../../../store/store.ts';
import { Experiments } from './experiments.ts';
import { type JobDocument, jobsIn } from './job.ts';
import { Metrics } from './metrics.ts';
import { Runs } from './runs.ts';

/** Everything the workspace remembers about jobs and runs. */
export interface Records {
  readonly jobs: Collection<JobDocument>;
  readonly runs: Runs;
  readonly experiments: Experiments;
  readonly metrics: Metrics;
}

export function recordsIn(store: Store): Records {
  const runs = new Runs(store);
  return {
    jobs: jobsIn(store),
    runs,
    experiments: new Experiments(store),
    metrics: new Metrics(store, runs),
  };
}

export type { ExperimentDocument } from './experiments.ts';
export type { JobDocument, Json } from './job.ts';
export type { LogBatch, NamedPoint } from './metrics.ts';
export { artifactPath, isTerminal } from './run.ts';
export type { MetricPoint, RunCreator, RunDocument, RunError, RunOutput, RunStatus } from './run.ts';
export type { NewRun, Runs } from './runs.ts';
