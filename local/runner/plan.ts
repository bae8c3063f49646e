/** What a pipeline comes to once its YAML, templates, parameters and `${{ }}` are resolved: what `read` makes and `execute` runs. */

/** A place in the user's YAML or JSON; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** In JSON, the way to the value: `environments[0].name`. */
  readonly path?: string;
}

/** Text that may still hold `$( )` macros or be a `$[ ]` expression, with the place it was written. */
export interface Text {
  readonly text: string;
  readonly place: Place;
}

export type Variables = ReadonlyMap<string, VariableDefinition>;

export interface VariableDefinition {
  /** May hold `$[ ]` (evaluated once when the job or stage starts) or `$( )` macros. */
  readonly value: Text;
  readonly readOnly: boolean;
}

export interface PipelinePlan {
  readonly file: string;
  /** The name format, `$(Date:yyyyMMdd).$(Rev:r)` when the file gives none. */
  readonly name: string;
  readonly variables: Variables;
  /** In file order; `dependsOn` is resolved (the stage before, when the file gives none; empty for none). */
  readonly stages: readonly StagePlan[];
}

export interface StagePlan {
  readonly name: string;
  readonly displayName: string;
  readonly dependsOn: readonly string[];
  /** undefined: succeeded(). */
  readonly condition: Text | undefined;
  readonly variables: Variables;
  readonly jobs: readonly JobPlan[];
  readonly place: Place;
}

interface JobCommon {
  readonly name: string;
  readonly displayName: string;
  readonly dependsOn: readonly string[];
  readonly condition: Text | undefined;
  readonly continueOnError: boolean;
  /** 0 means no limit. */
  readonly timeoutInMinutes: number;
  readonly cancelTimeoutInMinutes: number;
  readonly variables: Variables;
  /** `workspace: clean` and matrix copies are resolved before: one plan per copy. */
  readonly place: Place;
  /** Set on the copies of a job with `strategy: matrix` or `parallel`; their names are `<job>_<copy>`. */
  readonly copyOf?: JobCopy;
}

/** In expressions the copies are one job: `dependencies.<job>.outputs['<copy>.<step>.<variable>']`. */
interface JobCopy {
  readonly job: string;
  readonly copy: string;
  /** How many copies may run at once; 0 means no limit. */
  readonly maxParallel: number;
}

export interface AgentJobPlan extends JobCommon {
  readonly kind: 'job';
  /** The implied `checkout: self` of a job without a checkout step is already the first of them. */
  readonly steps: readonly StepPlan[];
}

/** A deployment job: waits for the environment's approvals, then runs its hooks in order. */
export interface DeploymentJobPlan extends JobCommon {
  readonly kind: 'deployment';
  /** Without an environment there is nothing to approve. */
  readonly environment: Text | undefined;
  readonly hooks: readonly DeploymentHook[];
}

export interface DeploymentHook {
  /** The automatic `download: current` of the deploy hook is already the first of its steps. */
  readonly name: 'preDeploy' | 'deploy' | 'routeTraffic' | 'postRouteTraffic' | 'on.success' | 'on.failure';
  readonly steps: readonly StepPlan[];
}

/** `pool: server`: its tasks run without an agent. */
export interface ServerJobPlan extends JobCommon {
  readonly kind: 'server';
  readonly steps: readonly ServerStepPlan[];
}

export type JobPlan = AgentJobPlan | DeploymentJobPlan | ServerJobPlan;

interface StepCommon {
  /** The reference name, for `step.variable`; undefined when the file gives none. */
  readonly name: string | undefined;
  readonly displayName: Text | undefined;
  readonly condition: Text | undefined;
  readonly continueOnError: boolean;
  readonly enabled: boolean;
  readonly timeoutInMinutes: number;
  readonly retryCountOnTaskFailure: number;
  readonly env: ReadonlyMap<string, Text>;
  readonly place: Place;
}

/** `task: Name@1`; script, bash and pwsh steps are their own kind because they carry text. */
export interface TaskStepPlan extends StepCommon {
  readonly kind: 'task';
  readonly task: { readonly name: string; readonly major: number };
  /** As written; names and aliases are resolved against task.json when the step starts. */
  readonly inputs: ReadonlyMap<string, Text>;
}

export interface ScriptStepPlan extends StepCommon {
  readonly kind: 'script';
  readonly shell: 'script' | 'bash' | 'pwsh';
  readonly script: Text;
  readonly workingDirectory: Text | undefined;
  readonly failOnStderr: boolean;
  /** pwsh only; `stop` when left out. */
  readonly errorActionPreference?: 'stop' | 'continue' | 'silentlyContinue';
  /** pwsh only: a failed program does not fail the step. */
  readonly ignoreLastExitCode?: boolean;
}

export interface PublishStepPlan extends StepCommon {
  readonly kind: 'publish';
  readonly path: Text;
  readonly artifact: Text;
}

export interface DownloadStepPlan extends StepCommon {
  readonly kind: 'download';
  /** `current` is this run; `none` switches the automatic download of deployment jobs off. */
  readonly source: 'current' | 'none';
  readonly artifact: Text | undefined;
  readonly patterns: Text | undefined;
  readonly path: Text | undefined;
}

export interface CheckoutStepPlan extends StepCommon {
  readonly kind: 'checkout';
  readonly repository: 'self' | 'none';
}

export type StepPlan = TaskStepPlan | ScriptStepPlan | PublishStepPlan | DownloadStepPlan | CheckoutStepPlan;

/** What runs without an agent: a task of the catalogue, or one of the two that belong to the service. */
export type ServerStepPlan =
  | TaskStepPlan
  | (StepCommon & { readonly kind: 'delay'; readonly minutes: Text })
  | (StepCommon & {
      readonly kind: 'intervention';
      readonly instructions: Text;
      readonly onTimeout: 'reject' | 'resume';
    });
