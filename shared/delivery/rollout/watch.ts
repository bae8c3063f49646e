import { pause } from '../../azureml/index.ts';
import { Problem } from '../../problem/index.ts';
import { hasLimits, judge, type Measured } from '../../rollout/analysis.ts';
import type { RolloutWish } from '../../rollout/endpointState.ts';
import { measure } from './metrics.ts';
import type { RolloutSetting } from './setting.ts';

/** Metrics are kept by the minute; looking more often tells nothing new. */
const LOOK_EVERY_IN_MS = 30_000;
const MINUTE_IN_MS = 60_000;
/** From here on the minute in which the step began can be left out. */
const LONG_BAKE_IN_MINUTES = 2;

export interface Watch {
  readonly deployment: string;
  readonly since: Date;
  readonly wish: RolloutWish;
  /** ARM id of the endpoint. */
  readonly endpointId: string;
}

/** What was seen in one bake time. */
export interface Watched {
  readonly passed: boolean;
  readonly words: string;
}

/** Waits until the bake time is over and looks at the limits meanwhile; ends at the first one that is broken. */
export async function watch(setting: RolloutSetting, watching: Watch): Promise<Watched> {
  const { bakeTimeInMinutes, limits } = watching.wish;
  const end = watching.since.getTime() + bakeTimeInMinutes * MINUTE_IN_MS;
  if (!hasLimits(limits)) {
    await pause(Math.max(0, end - setting.now().getTime()), setting.abortSignal);
    return { passed: true, words: `${bakeTimeInMinutes} min passed; no limits are set.` };
  }
  const look = await lookerFor(setting, watching);
  for (;;) {
    const now = setting.now();
    const isFinal = now.getTime() >= end;
    const finding = judge(limits, await look(), isFinal);
    if (finding.is === 'broken') return { passed: false, words: finding.words };
    if (isFinal) return { passed: true, words: finding.words };
    setting.log.info(`${finding.words} ${minutes(end - now.getTime())} min to go.`);
    await pause(Math.min(LOOK_EVERY_IN_MS, end - now.getTime()), setting.abortSignal);
  }
}

/**
 * Metrics are kept by the minute, and the minute in which a step begins also holds what came before it: the smoke test,
 * or an earlier deployment of the same name. It is left out; a bake time too short for that starts from what is there.
 */
async function lookerFor(setting: RolloutSetting, watching: Watch): Promise<() => Promise<Measured>> {
  const { deployment, since, endpointId, wish } = watching;
  const isLong = wish.bakeTimeInMinutes >= LONG_BAKE_IN_MINUTES;
  const from = isLong ? new Date(Math.ceil(since.getTime() / MINUTE_IN_MS) * MINUTE_IN_MS) : since;
  const ask = (): Promise<Measured> => {
    const to = new Date(Math.max(setting.now().getTime(), from.getTime() + 1000));
    const question = { endpointId, deployment, from, to, limits: wish.limits };
    return measure(setting.client, question, { abortSignal: setting.abortSignal });
  };
  if (isLong) return ask;
  const before = await ask();
  return async () => {
    const now = await ask();
    return {
      requests: now.requests - before.requests,
      failedRequests: now.failedRequests - before.failedRequests,
      latencyInMs: now.latencyInMs,
    };
  };
}

function minutes(milliseconds: number): string {
  return (Math.max(0, milliseconds) / MINUTE_IN_MS).toFixed(1);
}

export function limitBroken(deployment: string, words: string): Problem {
  return new Problem({
    code: 'rollout',
    message: `Deployment '${deployment}' did not hold its limits: ${words}`,
    next: 'Look at the log above and at the metrics of the endpoint, mend the model or the limits, and deploy again.',
  });
}
