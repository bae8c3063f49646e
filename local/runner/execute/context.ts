import type { Clock } from '../agent/clock.ts';
import type { TaskCatalog } from '../agent/task/catalog.ts';
import type { ServiceConnection } from '../connections.ts';
import type { DevOpsServer } from '../../devops/index.ts';
import type { PipelinePlan } from '../plan.ts';
import type { RunArtifacts } from '../record/artifacts.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Decide } from '../approvals/decide.ts';
import type { Interrupts } from './options.ts';
import type { Source } from './source.ts';
import type { ReleaseClock } from '../release/clock.ts';
import type { ServerTasks } from '../server/task.ts';
import type { JobEnd, StageEnd } from './results.ts';
import type { EvaluatedVariable } from './variables.ts';

/** What the stages and jobs of one run share. */
export interface RunContext {
  readonly plan: PipelinePlan;
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** The same clock, as tasks without an agent need it. */
  readonly time: ReleaseClock;
  readonly serverTasks: ServerTasks | undefined;
  /** Jobs that have ended in stages that wait in their midst. */
  readonly halfway: Map<string, ReadonlyMap<string, JobEnd>>;
  readonly interrupts: Interrupts;
  readonly devops: DevOpsServer;
  readonly projectId: string;
  readonly source: Source;
  /** The copy of the repository every checkout of this run brings. */
  readonly sourceFolder: string;
  /** Agents get their folders below this one. */
  readonly agentsFolder: string;
  readonly keepWork: boolean;
  readonly catalog: TaskCatalog;
  readonly connections: readonly ServiceConnection[];
  /** The environment of agent processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly agentVariables: Readonly<Record<string, string>>;
  readonly nodeBinary: string;
  readonly artifacts: RunArtifacts;
  /** The pipeline's variables, evaluated once for the run. */
  readonly variables: readonly EvaluatedVariable[];
  readonly counter: (prefix: string, seed: number) => number;
  /** Ended stages by name. */
  readonly ends: Map<string, StageEnd>;
  readonly limitJobs: <T>(work: () => Promise<T>) => Promise<T>;
  readonly decide: Decide;
  /** Keeps on disk what a later continuation needs. */
  readonly saveState: () => void;
}
