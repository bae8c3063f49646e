import type { Effect } from '../../../shared/rollout/effects.ts';
import {
  hasSucceeded,
  type DeploymentState,
  type EndpointState,
  type Wanted,
} from '../../../shared/rollout/endpointState.ts';
import { hashOf, type JsonObject } from '../../../shared/rollout/json.ts';
import { isMadeBy, isOurs } from '../../../shared/rollout/record.ts';
import { drive } from '../../../shared/rollout/drive.ts';
import { openDeploy, openPromote, openRollback } from '../../../shared/rollout/opening.ts';
import { ROLLOUT_TAG, SPECIFICATION_TAG } from '../../../shared/rollout/plan.ts';
import type { Ended, Event } from '../../../shared/rollout/state.ts';
import { sameSplit, tidyTraffic } from '../../../shared/rollout/traffic.ts';

/** What goes wrong at one effect: the process dies, or the service fails, before or after the effect took hold. */
export interface Fault {
  readonly effect: number;
  readonly kind: 'die before' | 'die after' | 'fail before' | 'fail after';
}

const NOTHING: Wanted = {
  endpoint: { name: 'diabetes', settings: undefined, tags: {} },
  deployment: { name: 'blue', specification: {} },
  rollout: { strategy: 'blue-green', steps: [100], bakeTimeInMinutes: 0, keepPrevious: 1, limits: {} },
};

export class Died extends Error {}

/** An endpoint in memory that behaves as the service does, with faults on demand; used to test the state machine alone. */
export class PretendEndpoint {
  endpoint: EndpointState | undefined;
  readonly saved = new Map<string, DeploymentState>();
  readonly journal: string[] = [];
  /** Traffic must never reach what was not tested; broken rules are kept here. */
  readonly broken: string[] = [];
  clock = Date.parse('2025-01-01T00:00:00Z');
  private count = 0;

  constructor(endpoint?: EndpointState) {
    this.endpoint = endpoint;
  }

  /** One run of a deploy, from opening to end; dies as the faults say. */
  async deploy(
    wanted: Wanted,
    options: { faults?: readonly Fault[]; bad?: Effect['do'] } = {},
  ): Promise<Ended | 'busy'> {
    this.count = 0;
    for (;;) {
      const opening = openDeploy(this.endpoint, wanted, this.now());
      if (opening.is === 'busy') return 'busy';
      const ended = await drive(opening.step, { perform: (effect) => this.perform(effect, wanted, options) });
      if (opening.is !== 'leftover') return ended;
    }
  }

  /** One run of a promote; undefined when there was nothing to do. */
  async promote(deployment: string): Promise<Ended | undefined> {
    const opening = this.endpoint && openPromote(this.endpoint, { deployment, keepPrevious: 1 }, this.now());
    if (!opening || opening.is !== 'go') return undefined;
    return drive(opening.step, { perform: (effect) => this.perform(effect, NOTHING, {}) });
  }

  /** One run of a rollback; undefined when there was nothing to do. */
  async rollBack(faults: readonly Fault[] = []): Promise<Ended | undefined> {
    this.count = 0;
    const opening = this.endpoint && openRollback(this.endpoint, this.now());
    if (!opening || opening.is !== 'go') return undefined;
    return drive(opening.step, { perform: (effect) => this.perform(effect, NOTHING, { faults }) });
  }

  now(): Date {
    this.clock += 1000;
    return new Date(this.clock);
  }

  async perform(
    effect: Effect,
    wanted: Wanted,
    options: { faults?: readonly Fault[]; bad?: Effect['do'] },
  ): Promise<Event> {
    this.count += 1;
    const fault = options.faults?.find(({ effect: at }) => at === this.count);
    if (fault?.kind === 'die before') throw new Died();
    if (fault?.kind === 'fail before') return this.failed(new Error('refused'), { untouched: true });
    const event = this.carryOut(effect, wanted, options.bad === effect.do);
    if (fault?.kind === 'die after') throw new Died();
    return fault?.kind === 'fail after' ? this.failed(new Error('answer lost')) : event;
  }

  private failed(error: Error, more: object = {}): Event {
    return { is: 'failed', at: this.now(), failure: { error, ...more } };
  }

  private carryOut(effect: Effect, wanted: Wanted, isBad: boolean): Event {
    this.journal.push('deployment' in effect ? `${effect.do} ${effect.deployment}` : effect.do);
    const done: Event = { is: 'done', at: this.now() };
    const failed = (): Event => this.failed(new Error(`${effect.do} went wrong`));
    switch (effect.do) {
      case 'put-endpoint': {
        const now = this.endpoint;
        if (
          now &&
          effect.expected &&
          ![effect.expected, effect.split].some((split) => sameSplit(split, now.traffic))
        )
          return this.failed(new Error('drift'), { drift: now.traffic });
        this.putEndpoint(effect, wanted);
        return isBad ? failed() : done;
      }
      case 'save-deployment': {
        const present = this.find(effect.deployment);
        if (!present) return failed();
        const hash = hashOf({ specification: present.specification, tags: present.tags });
        this.saved.set(hash, present);
        return { ...done, saved: hash };
      }
      case 'prepare-deployment':
        return this.prepare(effect.deployment, wanted, isBad) ? done : failed();
      case 'restore-deployment': {
        const saved = this.saved.get(effect.saved);
        if (!saved) return failed();
        this.set(effect.deployment, saved);
        return done;
      }
      case 'delete-deployment': {
        const present = this.find(effect.deployment);
        if (present && (effect.madeBy === undefined || present.tags[ROLLOUT_TAG] === effect.madeBy)) {
          if (this.serves(effect.deployment)) this.broken.push(`deleted ${effect.deployment} with traffic`);
          this.set(effect.deployment, undefined);
        }
        return done;
      }
      case 'delete-endpoint':
        if (isMadeBy(this.endpoint?.tags ?? {}, effect.madeBy)) this.endpoint = undefined;
        return done;
      case 'smoke-test':
      case 'bake':
        return isBad ? failed() : done;
      case 'read-log':
        return done;
    }
  }

  private putEndpoint(effect: Extract<Effect, { do: 'put-endpoint' }>, wanted: Wanted): void {
    const { live, mirror } = effect.split;
    const sum = Object.values(live).reduce((all, percent) => all + percent, 0);
    if (sum !== 0 && sum !== 100) this.broken.push(`live traffic adds up to ${sum}`);
    for (const name of Object.keys({ ...live, ...mirror }))
      if (!this.find(name)) this.broken.push(`traffic to ${name}, which does not exist`);
    if (Object.keys(mirror).length > 1 || Object.keys(mirror).some((name) => live[name]))
      this.broken.push('bad mirror');
    for (const value of Object.values(effect.tags)) if (value.length > 256) this.broken.push('tag too long');
    const now = this.endpoint;
    const others = Object.fromEntries(Object.entries(now?.tags ?? {}).filter(([tag]) => !isOurs(tag)));
    this.endpoint = {
      name: wanted.endpoint.name,
      provisioningState: 'Succeeded',
      settings: effect.settings ? (wanted.endpoint.settings ?? now?.settings ?? {}) : (now?.settings ?? {}),
      tags: { ...others, ...(effect.settings ? wanted.endpoint.tags : {}), ...effect.tags },
      traffic: { live: tidyTraffic(live), mirror: tidyTraffic(mirror) },
      deployments: now?.deployments ?? [],
    };
  }

  private prepare(name: string, wanted: Wanted, isBad: boolean): boolean {
    const { specification } = wanted.deployment;
    const hash = hashOf(specification);
    const present = this.find(name);
    if (present && hasSucceeded(present.provisioningState) && present.tags[SPECIFICATION_TAG] === hash)
      return !isBad;
    if (this.serves(name) && wanted.rollout.strategy !== 'all-at-once')
      this.broken.push(`updated ${name} with traffic`);
    const id = this.endpoint?.tags['delivery.rollout.id'] ?? '';
    this.set(name, {
      name,
      specification,
      provisioningState: isBad ? 'Failed' : 'Succeeded',
      tags: { [SPECIFICATION_TAG]: hash, [ROLLOUT_TAG]: id },
    });
    return !isBad;
  }

  private serves(name: string): boolean {
    const traffic = this.endpoint?.traffic;
    return traffic !== undefined && (traffic.live[name] !== undefined || traffic.mirror[name] !== undefined);
  }

  private find(name: string): DeploymentState | undefined {
    return this.endpoint?.deployments.find((deployment) => deployment.name === name);
  }

  private set(name: string, deployment: DeploymentState | undefined): void {
    if (!this.endpoint) throw new Error('There is no endpoint.');
    const others = this.endpoint.deployments.filter((other) => other.name !== name);
    const deployments = deployment ? [...others, deployment] : others;
    this.endpoint = {
      ...this.endpoint,
      deployments: deployments.sort((one, other) => (one.name < other.name ? -1 : 1)),
    };
  }

  /** What can be compared: everything but points in time, leases and what never became healthy. */
  picture(): JsonObject | undefined {
    if (!this.endpoint) return undefined;
    const tags = Object.entries(this.endpoint.tags)
      .filter(([tag]) => isOurs(tag))
      .map(([tag, value]): [string, string] => [tag, value.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')]);
    return JSON.parse(
      JSON.stringify({
        traffic: this.endpoint.traffic,
        tags: Object.fromEntries(tags.sort(([one], [other]) => (one < other ? -1 : 1))),
        deployments: this.endpoint.deployments.filter(({ provisioningState }) =>
          hasSucceeded(provisioningState),
        ),
      }),
    ) as JsonObject;
  }

  copy(): PretendEndpoint {
    const copy = new PretendEndpoint(this.endpoint);
    for (const [hash, deployment] of this.saved) copy.saved.set(hash, deployment);
    copy.clock = this.clock;
    return copy;
  }
}
