import type { Endpoints } from './endpoints.ts';
import type { TaskResult } from './results.ts';
import type { Restrictions } from './task/definition.ts';
import type { Masker } from './variables/masker.ts';
import type { VariableStore } from './variables/variables.ts';

export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
  readonly sourcePath?: string;
  readonly line?: number;
  readonly column?: number;
  readonly code?: string;
}

/** A record a task reports under its own (`task.logdetail`). */
export interface Detail {
  readonly id: string;
  readonly parentId?: string;
  readonly type?: string;
  readonly name?: string;
  readonly order?: number;
  readonly startTime?: string;
  readonly finishTime?: string;
  readonly progress?: number;
  readonly state?: string;
  readonly result?: TaskResult;
}

/** Where a running step's traces go. Everything that comes in is masked before it is kept or shown. */
export interface StepSink {
  line(text: string): void;
  issue(issue: Issue): void;
  progress(percent: number, operation: string | undefined): void;
  output(name: string, value: string, isSecret: boolean): void;
  /** Copies the file at once; the task may delete it right after. */
  attach(type: string, name: string, file: string): void;
  detail(detail: Detail): void;
}

/** What a step can do to the run as a whole. */
export interface RunSink {
  setBuildNumber(name: string): void;
  setReleaseName(name: string): void;
  addTag(tag: string): void;
  /** Copies a file or the contents of a folder into the artifact, below `folder`. */
  uploadArtifact(artifact: string, source: string, folder?: string): void;
  associateArtifact(artifact: string, location: string, properties: Readonly<Record<string, string>>): void;
}

export type HostType = 'build' | 'release' | 'deployment';

/** What the steps of one job share. */
export interface JobState {
  readonly hostType: HostType;
  readonly variables: VariableStore;
  readonly masker: Masker;
  readonly endpoints: Endpoints;
  /** Folders put before PATH for later steps; the newest comes first on PATH. */
  prependedPaths: string[];
  readonly run: RunSink;
}

/** What logging commands of one step read and change. */
export interface StepState {
  readonly job: JobState;
  /** The name outputs are read by: `<refName>.<variable>`. */
  readonly refName: string;
  readonly sink: StepSink;
  readonly taskVariables: VariableStore;
  /** Names listed under `outputVariables` in task.json, in lower case. */
  readonly declaredOutputs: ReadonlySet<string>;
  readonly restrictions: Restrictions;
  /** Details reported so far, by id. */
  readonly details: Map<string, Detail>;
  percent: number;
  /** What `task.complete` said, merged. */
  result: TaskResult | undefined;
  /** Failed once a logging command failed; it outlives retries. */
  commandFailed: boolean;
  /** Aborts when `task.complete` asks to end the step. */
  done: AbortController;
}
