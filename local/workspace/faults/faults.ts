import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '../../../shared/problem/index.ts';
import { chanceOf } from './chance.ts';
import {
  NO_FAULTS,
  type FacedRequest,
  type FaultEffect,
  type FaultPlan,
  type FaultRule,
  type FaultyService,
} from './rule.ts';

/** What can wait by the workspace's clock. */
interface Sleeper {
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A rule as it stands: how many requests it was for, and how many of them it befell. */
export interface FaultReport {
  readonly rule: FaultRule;
  readonly matched: number;
  readonly befell: number;
}

/** Faults on request, for tests and rehearsals. */
export interface Faults {
  /** What befalls a request, in the order of the rules. */
  meet(request: FacedRequest): readonly FaultEffect[];
  /** Whether there is any rule for this service. */
  any(service: FaultyService): boolean;
  /** Replaces all rules; counting begins anew. Resolves when whoever follows knows of it. */
  use(plan: FaultPlan): Promise<void>;
  /** Tells of every later list of rules. */
  follow(follower: () => Promise<void>): void;
  report(): { readonly seed: number; readonly rules: readonly FaultReport[] };
  /** Does what a request asks for in the shadow of effects that fall on the work it begins. */
  during<T>(effects: readonly FaultEffect[], work: () => T): T;
  /** Called where provisioning begins: takes as long as a fault of the request that asked for it says. */
  beforeProvisioning(clock: Sleeper, signal?: AbortSignal): Promise<void>;
  /** Called where an image would be built: slow or failing, when the request that asked for it was to have that. */
  beforeImageBuild(clock: Sleeper, signal?: AbortSignal): Promise<void>;
}

/** What still has to fall on the work that one request began. */
interface Shadow {
  slowInSeconds: number;
  readonly imageFailure: string | undefined;
}

interface Counted {
  readonly rule: FaultRule;
  readonly chance: () => number;
  matched: number;
  befell: number;
}

export function faults(plan: FaultPlan = NO_FAULTS): Faults {
  const shadows = new AsyncLocalStorage<Shadow>();
  let seed = plan.seed;
  let rules = countedFrom(plan);
  const followers: (() => Promise<void>)[] = [];
  const beforeProvisioning = async (clock: Sleeper, signal?: AbortSignal): Promise<void> => {
    const shadow = shadows.getStore();
    if (!shadow || shadow.slowInSeconds === 0) return;
    const { slowInSeconds } = shadow;
    shadow.slowInSeconds = 0;
    await clock.sleep(slowInSeconds * 1000, signal);
  };
  return {
    meet: (request) => rules.filter((counted) => befalls(counted, request)).map(drawn),
    any: (service) => rules.some(({ rule }) => rule.on.service === service),
    use: async (next) => {
      seed = next.seed;
      rules = countedFrom(next);
      await Promise.all(followers.map((follower) => follower()));
    },
    follow: (follower) => void followers.push(follower),
    report: () => ({ seed, rules: rules.map(({ rule, matched, befell }) => ({ rule, matched, befell })) }),
    during: (effects, work) => {
      const shadow = shadowOf(effects);
      // Following every promise costs, so only requests that need it are followed.
      return shadow ? shadows.run(shadow, work) : work();
    },
    beforeProvisioning,
    beforeImageBuild: async (clock, signal) => {
      await beforeProvisioning(clock, signal);
      signal?.throwIfAborted();
      const message = shadows.getStore()?.imageFailure;
      if (message !== undefined) throw imageBuildFailed(message);
    },
  };
}

function countedFrom({ seed, rules }: FaultPlan): Counted[] {
  return rules.map((rule) => ({ rule, chance: chanceOf(seed, rule.name), matched: 0, befell: 0 }));
}

/** Counts a request and says whether the rule's fault befalls it. */
function befalls(counted: Counted, request: FacedRequest): boolean {
  const { rule } = counted;
  if (!rule.on.matches(request)) return false;
  counted.matched += 1;
  if (counted.matched <= rule.skip || counted.befell >= (rule.count ?? Infinity)) return false;
  if (rule.probability < 1 && counted.chance() >= rule.probability) return false;
  counted.befell += 1;
  return true;
}

/** The effect as it falls on one request: a delay between two times becomes one of them. */
function drawn({ rule: { effect }, chance }: Counted): FaultEffect {
  if (effect.fault !== 'delay' || effect.upToMs === undefined) return effect;
  return { fault: 'delay', inMs: effect.inMs + chance() * (effect.upToMs - effect.inMs) };
}

function shadowOf(effects: readonly FaultEffect[]): Shadow | undefined {
  let slowInSeconds = 0;
  let imageFailure: string | undefined;
  for (const effect of effects) {
    if (effect.fault === 'slow-provisioning') slowInSeconds += effect.inSeconds;
    if (effect.fault === 'image-build-failure')
      imageFailure ??= effect.message ?? 'a fault was asked for that says so.';
  }
  return slowInSeconds > 0 || imageFailure !== undefined ? { slowInSeconds, imageFailure } : undefined;
}

function imageBuildFailed(why: string): Problem {
  return new Problem({ code: 'job', message: `Image build failed: ${why}` });
}
