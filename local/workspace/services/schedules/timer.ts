import { messageOf } from '../../../../shared/problem/index.ts';
import type { WorkspaceContext } from '../../context.ts';
import { fire } from './fire.ts';
import { schedulesOf, type ScheduleRecord } from './records.ts';
import { lastDue, readTrigger, type Trigger } from './triggers/trigger.ts';

/** Waits by the workspace's clock for what is due next, and runs it. */
class ScheduleTimer {
  readonly #context: WorkspaceContext;
  #looked: Date;
  #wake = new AbortController();
  #ended: Promise<void> | undefined;
  #stopping = false;

  constructor(context: WorkspaceContext) {
    this.#context = context;
    this.#looked = context.clock.now();
  }

  /** Times that passed while nothing ran are left out: a start in the past means the next time, too. */
  start(): void {
    this.#looked = this.#context.clock.now();
    this.#ended = this.#go();
  }

  /** To be called when a schedule has changed. */
  changed(): void {
    this.#wake.abort();
  }

  /** Whether anything will ever be due. */
  isWaiting(): boolean {
    return this.#enabled().length > 0;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake.abort();
    await this.#ended;
  }

  async #go(): Promise<void> {
    while (!this.#stopping) {
      this.#wake = new AbortController();
      const { clock } = this.#context;
      const turnedBack = clock.turnedBack();
      await this.#look();
      await clock.sleep(this.#untilNext(), AbortSignal.any([this.#wake.signal, turnedBack]));
    }
  }

  async #look(): Promise<void> {
    const now = this.#context.clock.now();
    // A clock that was turned back counts from there.
    const looked = this.#looked > now ? now : this.#looked;
    this.#looked = now;
    for (const record of this.#enabled()) {
      const since = new Date(Math.max(looked.getTime(), Date.parse(record.activeSince) - 1));
      const dueAt = lastDue(triggerOf(record), since, now);
      if (dueAt) await this.#fire(record, dueAt);
    }
  }

  async #fire(record: ScheduleRecord, dueAt: Date): Promise<void> {
    try {
      const job = await fire(this.#context, record, { dueAt });
      this.#context.log(`schedule ${record.name}: started ${job}`);
    } catch (error) {
      this.#context.log(`schedule ${record.name}: ${messageOf(error)}`);
    }
  }

  #untilNext(): number {
    const now = this.#looked;
    const times = this.#enabled().flatMap((record) => triggerOf(record).nextAfter(now)?.getTime() ?? []);
    return Math.min(...times) - this.#context.clock.now().getTime();
  }

  #enabled(): ScheduleRecord[] {
    const records = [...schedulesOf(this.#context).list()].map(([, record]) => record);
    return records.filter(
      ({ isEnabled, provisioningState }) => isEnabled && provisioningState !== 'Deleting',
    );
  }
}

function triggerOf({ trigger, createdAt }: ScheduleRecord): Trigger {
  return readTrigger(trigger, new Date(createdAt));
}

const timers = new WeakMap<WorkspaceContext, ScheduleTimer>();

/** The one timer of a workspace. */
export function timerOf(context: WorkspaceContext): ScheduleTimer {
  const timer = timers.get(context) ?? new ScheduleTimer(context);
  timers.set(context, timer);
  return timer;
}
