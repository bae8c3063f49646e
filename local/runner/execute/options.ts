import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../agent/clock.ts';
import type { ServiceConnection } from '../connections.ts';
import type { RunRecord } from '../record/model.ts';
import type { PipelinePlan } from '../plan.ts';
import type { ServerTasks } from '../server/task.ts';

/** What both a new run and a continued one need from the caller. */
export interface RunSettings {
  /** Service connections that `connectedService:` inputs may name, by name or id. */
  readonly connections: readonly ServiceConnection[];
  /** Folders that hold task folders (each with a task.json), such as `build/tasks`. */
  readonly taskFolders: readonly string[];
  readonly terminal: Terminal;
  /** The developer's own environment; only names on the pass-through list reach a step. Default: process.env. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Further names that pass through, on top of the built-in list; `PIP_*` stands for a prefix. */
  readonly passThrough?: readonly string[];
  /** What the agent's configuration would set: `Agent.CAInfo`, `Agent.ProxyUrl`, `Agent.ProxyBypassList`, ... */
  readonly agentVariables?: Readonly<Record<string, string>>;
  /** The Node that runs tasks. Default: the one running this program. */
  readonly nodeBinary?: string;
  /** Environments that exist, with their approvals; others exist without approval, as on the service. */
  readonly environments?: readonly Environment[];
  /** Answers to approvals, given beforehand. */
  readonly answers?: ApprovalAnswers;
  /** Who starts, and by default approves. Default: git's user, else the operating system's. */
  readonly user?: Person;
  readonly interrupts?: Interrupts;
  /** Default: the number of processors, at most 4. */
  readonly maxParallelJobs?: number;
  /** Leaves the folders of finished jobs in place. */
  readonly keepWork?: boolean;
  /** Serves the Azure DevOps part over HTTPS with this certificate (PEM); without it, HTTP on loopback. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Seals secrets of a run that waits. Default: a key made at the first use, in the user's home. */
  readonly secretsKeyFile?: string;
  readonly clock?: Clock;
  /** Runs tasks without an agent; without it, what uses them is refused. */
  readonly serverTasks?: ServerTasks;
  /** How a person continues a run that waits; shown at the end. */
  readonly continueCommand?: (recordFolder: string) => string;
}

export interface RunOptions extends RunSettings {
  readonly plan: PipelinePlan;
  /** The folder `checkout: self` copies. */
  readonly repository: string;
  /** Every run gets a folder `<runsFolder>/<build id>` with its record, logs, attachments and artifacts. */
  readonly runsFolder: string;
  /** Variables set when queueing; they win over the file's own. */
  readonly variables?: Readonly<Record<string, { readonly value: string; readonly isSecret: boolean }>>;
  /** What started the run; by hand when left out. */
  readonly reason?: RunRecord['reason'];
  /** `System.TeamProject` and the rest of the address. Default organisation and project: `local`. */
  readonly project?: { readonly organization: string; readonly name: string };
}

export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  /** A person watches and can answer. */
  readonly isInteractive: boolean;
}

export interface Environment {
  readonly name: string;
  readonly approval?: { readonly instructions?: string; readonly approvers?: readonly string[] };
}

/** Environment names, or `all`. A name in both lists is rejected. */
export interface ApprovalAnswers {
  readonly approve: 'all' | readonly string[];
  readonly reject: 'all' | readonly string[];
  readonly comment?: string;
}

export interface Person {
  readonly displayName: string;
  /** An e-mail address or account name. */
  readonly uniqueName: string;
}

export interface Interrupts {
  /** Cancels the run as the pipeline's Cancel button does. */
  readonly cancel: AbortSignal;
  /** Kills everything at once. */
  readonly kill: AbortSignal;
}

export type RunResult = 'succeeded' | 'succeededWithIssues' | 'failed' | 'canceled';

/** `waiting`: stopped at an approval nobody answered; everything is kept in the record folder. */
export type RunOutcome =
  | { readonly state: 'completed'; readonly result: RunResult; readonly recordFolder: string }
  | {
      readonly state: 'waiting';
      readonly approvals: readonly PendingApproval[];
      readonly recordFolder: string;
    };

export interface PendingApproval {
  readonly stage: string;
  readonly environment: string;
}
