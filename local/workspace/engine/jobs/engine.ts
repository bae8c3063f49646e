import { availableParallelism } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../../shared/problem/index.ts';
import type { WorkspaceContext } from '../../context.ts';
import { writeCaBundle } from './command/caBundle.ts';
import { Notifications } from './notifications/index.ts';
import { recover } from './recovery.ts';
import { isTerminal, recordsIn, type Records } from './records/index.ts';
import type { Assets } from './references/index.ts';
import { runJob } from './runJob.ts';
import { Slots } from './slots.ts';
import { type JobTools, moveTo, type RunEnd } from './tools.ts';

/** Runs the workspace's jobs; what it knows is in the store, so that a restart finds it. */
export class JobEngine {
  readonly records: Records;
  readonly notifications: Notifications;
  readonly tools: JobTools;
  readonly #active = new Map<string, Promise<void>>();
  #leftToStart: string[] = [];
  #stopping = false;

  constructor(context: WorkspaceContext, assets: Assets) {
    this.records = recordsIn(context.store);
    const caBundle = path.join(context.folders.jobs, 'ca-bundle.pem');
    this.notifications = new Notifications(context, this.records, caBundle);
    this.tools = {
      context,
      records: this.records,
      places: { storage: context.storage, assets, records: this.records },
      controls: new Map(),
      slots: new Slots(Math.max(2, availableParallelism())),
      caBundle,
      listeners: [(run) => (isTerminal(run.status) ? this.notifications.ended(run) : undefined)],
    };
  }

  /** Ends what an earlier life left half done; to be called before anybody asks for a job. */
  async recover(): Promise<void> {
    this.#leftToStart = await recover(this.tools);
  }

  /** Takes up what an earlier life had not begun. */
  async start(): Promise<void> {
    await writeCaBundle(this.tools.context.tls.caFile, this.tools.caBundle);
    this.notifications.start();
    for (const runId of this.#leftToStart.splice(0)) this.submit(runId);
  }

  /** Starts a job whose documents are stored; returns at once. */
  submit(runId: string): void {
    if (this.#stopping || this.#active.has(runId)) return;
    const cancel = new AbortController();
    this.tools.controls.set(runId, cancel);
    const done = this.#run(runId, cancel.signal).finally(() => {
      this.#active.delete(runId);
      this.tools.controls.delete(runId);
    });
    this.#active.set(runId, done);
  }

  /** Whether any job is being worked on. */
  isBusy(): boolean {
    return this.#active.size > 0;
  }

  /** Asks a job to end; one that nobody runs any more is ended at once. */
  async cancel(runId: string): Promise<void> {
    await moveTo(this.tools, runId, 'CancelRequested');
    const control = this.tools.controls.get(runId);
    if (control) control.abort();
    else await moveTo(this.tools, runId, 'Canceled');
  }

  /** Ends every job; those whose process had started are marked failed, the others start anew next time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const control of this.tools.controls.values()) control.abort();
    await Promise.all(this.#active.values());
    await this.notifications.stop();
  }

  async #run(runId: string, signal: AbortSignal): Promise<void> {
    try {
      const end = await runJob(runId, this.tools, signal);
      await this.#end(runId, end);
    } catch (error) {
      this.tools.context.log(`job ${runId}: ${error instanceof Error ? error.stack : messageOf(error)}`);
      await moveTo(this.tools, runId, 'Failed', {
        error: { code: 'ServiceError', message: messageOf(error) },
      });
    }
  }

  async #end(runId: string, end: RunEnd): Promise<void> {
    // A stop is no cancel: the state stays as it is and the next start decides.
    if (
      this.#stopping &&
      end.status === 'Canceled' &&
      this.records.runs.get(runId)?.status !== 'CancelRequested'
    )
      return;
    await moveTo(this.tools, runId, end.status, end.error ? { error: end.error } : {});
  }
}
