import type { DeploymentPlan } from './plan.ts';
import type { Revision } from './revision.ts';

/** A deployment that can answer requests. */
export interface ServedDeployment {
  readonly plan: DeploymentPlan;
  readonly revision: Revision;
}

/** Every deployment with running processes, by endpoint and name. */
export class Fleet {
  readonly #served = new Map<string, ServedDeployment>();
  #isStopped = false;

  get(endpoint: string, deployment: string): ServedDeployment | undefined {
    return this.#served.get(keyOf(endpoint, deployment));
  }

  /** Lets a new revision answer from now on; the one before ends once its requests are answered. */
  async replace(next: ServedDeployment): Promise<void> {
    if (this.#isStopped) return next.revision.stop(0);
    const key = keyOf(next.plan.endpoint, next.plan.deployment);
    const before = this.#served.get(key);
    this.#served.set(key, next);
    if (before && before.revision !== next.revision) await before.revision.stop(patienceOf(before));
  }

  /** Takes a deployment out and ends its processes. */
  async remove(endpoint: string, deployment: string): Promise<void> {
    const key = keyOf(endpoint, deployment);
    const served = this.#served.get(key);
    this.#served.delete(key);
    await served?.revision.stop(patienceOf(served));
  }

  /** Ends every process, without waiting for requests, and takes no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const all = [...this.#served.values()];
    this.#served.clear();
    await Promise.all(all.map((served) => served.revision.stop(0)));
  }
}

/** No request lasts longer than its timeout. */
function patienceOf(served: ServedDeployment): number {
  return served.plan.serving.requestTimeoutInMs;
}

function keyOf(endpoint: string, deployment: string): string {
  return `${endpoint}/${deployment}`;
}
