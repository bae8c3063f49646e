import { setTimeout as sleep } from 'node:timers/promises';
import { startInstance, type Instance, type InstanceSpec } from './instance.ts';
import { isHealthy, patienceInMs, type ProbeSettings } from './probes.ts';

export interface ReplicaSettings {
  readonly liveness: ProbeSettings;
  readonly readiness: ProbeSettings;
  readonly livenessRoute: string;
  readonly readinessRoute: string;
  /** Crashes before the first readiness after which the deployment is given up. */
  readonly crashLimit: number;
  /** First pause before a restart; it doubles up to a minute, as a container runtime does it. */
  readonly backoffInMs: number;
}

export type ReplicaState = 'starting' | 'ready' | 'not-ready' | 'backing-off' | 'failed' | 'stopped';

/** Why a replica never became ready. */
export type StartFailure =
  | { readonly kind: 'crashed'; readonly exitCode: number; readonly restarts: number }
  | { readonly kind: 'not-ready'; readonly waitedInMs: number }
  | { readonly kind: 'cannot-start'; readonly cause: unknown };

/** Something that happened to a replica, for the log of container events. */
export type ReplicaEvent = 'Created' | 'Started' | 'Ready' | 'Unhealthy' | 'Killing' | 'BackOff' | 'Failed';

const LONGEST_BACKOFF_IN_MS = 60_000;
const POLL_IN_MS = 100;

/** One place in a deployment: an inference server that is started again whenever it ends. */
export class Replica {
  state: ReplicaState = 'starting';
  /** Requests it is working on now. */
  load = 0;
  /** Resolves when the replica was ready for the first time, or with the reason why it never will be. */
  readonly settled: Promise<StartFailure | undefined>;
  readonly name: string;
  readonly #spec: InstanceSpec;
  readonly #settings: ReplicaSettings;
  readonly #tell: (replica: Replica, event: ReplicaEvent, text: string) => void;
  readonly #stopping = new AbortController();
  readonly #life: Promise<void>;
  #instance: Instance | undefined;
  #settle: (failure: StartFailure | undefined) => void = () => {};
  #wasReady = false;
  #crashes = 0;

  constructor(options: {
    name: string;
    spec: InstanceSpec;
    settings: ReplicaSettings;
    tell: (replica: Replica, event: ReplicaEvent, text: string) => void;
  }) {
    this.name = options.name;
    this.#spec = options.spec;
    this.#settings = options.settings;
    this.#tell = options.tell;
    this.settled = new Promise((resolve) => (this.#settle = resolve));
    this.#life = this.#live();
  }

  get port(): number | undefined {
    return this.state === 'ready' ? this.#instance?.port : undefined;
  }

  get logFile(): string {
    return this.#spec.logFile;
  }

  get processId(): number | undefined {
    return this.#instance?.processId;
  }

  /** Ends the process and does not start it again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#instance?.stop();
    await this.#life;
    this.state = 'stopped';
    this.#settle(undefined);
  }

  async #live(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const failure = await this.#runOnce();
      if (this.#stopping.signal.aborted) return;
      if (failure && !this.#wasReady && this.#isHopeless(failure)) return this.#giveUp(failure);
      await this.#backOff();
    }
  }

  #isHopeless(failure: StartFailure): boolean {
    return failure.kind !== 'crashed' || this.#crashes >= this.#settings.crashLimit;
  }

  #giveUp(failure: StartFailure): void {
    this.state = 'failed';
    this.#tell(this, 'Failed', 'The container did not become ready');
    this.#settle(failure);
  }

  /** From the start of a process to its end. */
  async #runOnce(): Promise<StartFailure | undefined> {
    this.state = 'starting';
    const instance = await startInstance(this.#spec).catch((cause: unknown) => ({ cause }));
    if ('cause' in instance) return { kind: 'cannot-start', cause: instance.cause };
    this.#instance = instance;
    this.#tell(this, 'Started', `Started container inference-server, process ${instance.processId}`);
    if (this.#stopping.signal.aborted) await instance.stop();
    const over = new AbortController();
    const exited = instance.exited.finally(() => over.abort());
    const first = await Promise.race([
      this.#becomeReady(instance, over.signal),
      exited.then(() => 'exited' as const),
    ]);
    if (first === 'too-late') await instance.stop();
    if (first === 'ready') await this.#serve(instance, over.signal);
    const exitCode = await exited;
    if (first === 'too-late')
      return { kind: 'not-ready', waitedInMs: patienceInMs(this.#settings.readiness) };
    this.#crashes += 1;
    return { kind: 'crashed', exitCode, restarts: this.#crashes - 1 };
  }

  /** Azure waits `initialDelay` before the first probe; asking at once costs nothing and saves the user the wait. */
  async #becomeReady(instance: Instance, over: AbortSignal): Promise<'ready' | 'too-late' | 'exited'> {
    const { readiness, readinessRoute } = this.#settings;
    const deadline = Date.now() + patienceInMs(readiness);
    for (let successes = 0; !over.aborted;) {
      successes = (await isHealthy(instance.port, readinessRoute, readiness.timeoutInMs)) ? successes + 1 : 0;
      if (successes >= readiness.successThreshold) return 'ready';
      if (Date.now() > deadline) return 'too-late';
      await pause(POLL_IN_MS, over);
    }
    return 'exited';
  }

  async #serve(instance: Instance, over: AbortSignal): Promise<void> {
    this.state = 'ready';
    this.#wasReady = true;
    this.#crashes = 0;
    this.#tell(this, 'Ready', 'The container answers its readiness probe');
    this.#settle(undefined);
    await Promise.all([this.#watchLiveness(instance, over), this.#watchReadiness(instance, over)]);
  }

  async #watchLiveness(instance: Instance, over: AbortSignal): Promise<void> {
    const { liveness, livenessRoute } = this.#settings;
    let failures = 0;
    while (await pause(liveness.periodInMs, over)) {
      failures = (await isHealthy(instance.port, livenessRoute, liveness.timeoutInMs)) ? 0 : failures + 1;
      if (over.aborted || failures < liveness.failureThreshold) continue;
      this.#tell(this, 'Killing', 'The liveness probe failed, the container will be restarted');
      this.state = 'not-ready';
      await instance.stop();
    }
  }

  async #watchReadiness(instance: Instance, over: AbortSignal): Promise<void> {
    const { readiness, readinessRoute } = this.#settings;
    let failures = 0;
    while (await pause(readiness.periodInMs, over)) {
      const healthy = await isHealthy(instance.port, readinessRoute, readiness.timeoutInMs);
      failures = healthy ? 0 : failures + 1;
      if (over.aborted) return;
      if (failures === readiness.failureThreshold)
        this.#tell(this, 'Unhealthy', 'The readiness probe failed');
      this.state = failures >= readiness.failureThreshold ? 'not-ready' : 'ready';
    }
  }

  async #backOff(): Promise<void> {
    this.state = 'backing-off';
    const doubled = this.#settings.backoffInMs * 2 ** Math.max(0, this.#crashes - 1);
    const waitInMs = Math.min(doubled, LONGEST_BACKOFF_IN_MS);
    this.#tell(this, 'BackOff', `Back-off restarting failed container, next start in ${waitInMs / 1000} s`);
    await pause(waitInMs, this.#stopping.signal);
  }
}

/** True when the time has passed, false when the signal came first. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, true, { signal, ref: false }).catch(() => false);
}
