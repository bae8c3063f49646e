import { messageOf } from '../../../../shared/problem/index.ts';
import type { WorkspaceContext } from '../../context.ts';
import { enabled, lookedUntil, takenUp, takeUp, tellOfSkipped, type TakenUp } from './due.ts';
import { keepFailure } from './failure.ts';
import { fire } from './fire.ts';
import { isWaiting, schedulesOf, triggerOf, type ScheduleRecord } from './records.ts';

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
    tellOfSkipped(this.#context, lookedUntil(this.#context) ?? this.#looked, this.#looked);
    this.#followTurns();
    this.#ended = this.#go();
  }

  /** To be called when a schedule has changed. */
  changed(): void {
    this.#wake.abort();
  }

  /** Whether anything will ever be due. */
  isWaiting(): boolean {
    return enabled(this.#context).length > 0;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake.abort();
    await this.#ended;
  }

  async #go(): Promise<void> {
    while (!this.#stopping) {
      this.#wake = new AbortController();
      await this.#look();
      await this.#context.clock.sleep(this.#untilNext(), this.#wake.signal);
    }
  }

  /** Counts from where the clock is turned back to, also when it is moved on before anybody has looked. */
  #followTurns(): void {
    const { clock } = this.#context;
    const turned = (): void => {
      this.#looked = new Date(Math.min(this.#looked.getTime(), clock.now().getTime()));
      this.#wake.abort();
      this.#followTurns();
    };
    clock.turnedBack().addEventListener('abort', turned, { once: true });
  }

  async #look(): Promise<void> {
    const now = this.#context.clock.now();
    const looked = this.#looked;
    this.#looked = now;
    if (this.isWaiting()) await takeUp(this.#context, looked, now);
    for (const [job, taken] of [...takenUp(this.#context).list()]) await this.#carryOut(job, taken);
  }

  /** Also what an earlier life took up and could not carry out any more. */
  async #carryOut(job: string, { schedule, dueAt }: TakenUp): Promise<void> {
    const record = schedulesOf(this.#context).get(schedule);
    if (record && isWaiting(record)) await this.#fire(record, new Date(dueAt));
    // Whatever was cut off by the end of the workspace is left for its next life.
    if (!this.#stopping) await takenUp(this.#context).delete(job);
  }

  async #fire(record: ScheduleRecord, dueAt: Date): Promise<void> {
    try {
      const job = await fire(this.#context, record, { dueAt });
      this.#context.log(`schedule ${record.name}: started ${job}`);
    } catch (error) {
      this.#context.log(`schedule ${record.name}: ${messageOf(error)}`);
      if (!this.#stopping) await keepFailure(this.#context, { schedule: record, dueAt, error });
    }
  }

  #untilNext(): number {
    const now = this.#looked;
    const times = enabled(this.#context).flatMap(
      (record) => triggerOf(record).nextAfter(now)?.getTime() ?? [],
    );
    return Math.min(...times) - this.#context.clock.now().getTime();
  }
}

const timers = new WeakMap<WorkspaceContext, ScheduleTimer>();

/** The one timer of a workspace. */
export function timerOf(context: WorkspaceContext): ScheduleTimer {
  const timer = timers.get(context) ?? new ScheduleTimer(context);
  timers.set(context, timer);
  return timer;
}
