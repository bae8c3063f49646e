import type { Clock } from '../clock.ts';
import type { AgentFolders } from '../folders.ts';
import type { ProcessEnd } from '../process/run.ts';
import type { JobState, StepState } from '../state.ts';
import type { TaskCatalog } from '../task/catalog.ts';
import type { Place } from '../../plan.ts';

/** What ends a running step from outside. */
export interface StepSignals {
  readonly cancel: AbortSignal;
  readonly kill: AbortSignal;
}

/** One attempt at a step's work. A Problem thrown, or a process that ends badly, fails the attempt. */
export type Attempt = (signals: StepSignals) => Promise<ProcessEnd>;

/** Where pipeline artifacts of the run are kept. */
export interface ArtifactStore {
  /** Takes a file or folder in under a new name. */
  publish(name: string, source: string): Promise<void>;
  /** Copies artifacts out: the named one into `target`, all of them into folders of their names. Returns the names. */
  download(request: {
    readonly name: string | undefined;
    readonly patterns: readonly string[];
    readonly target: string;
  }): Promise<readonly string[]>;
}

/** What the steps of one job work with. */
export interface StepHost {
  readonly state: JobState;
  readonly folders: AgentFolders;
  readonly catalog: TaskCatalog;
  /** The environment of the agent process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly nodeBinary: string;
  readonly clock: Clock;
  /** Marks every process of the job. */
  readonly lookupId: string;
  readonly artifacts: ArtifactStore;
  /** Brings the pipeline's repository into an empty folder. */
  readonly checkout: (target: string) => Promise<void>;
}

/** A step about to run: where it stands in the pipeline, its traces, its `env:` already expanded. */
export interface RunningStep {
  readonly place: Place;
  readonly state: StepState;
  readonly env: ReadonlyMap<string, string>;
}

/** The end of work done without a process. */
export const DONE: ProcessEnd = { kind: 'exit', code: 0 };
