import { pause } from '../../azureml/index.ts';
import { Problem } from '../../problem/index.ts';
import { hasLimits, judge, type Finding } from '../../rollout/analysis.ts';
import type { RolloutWish } from '../../rollout/endpointState.ts';
import { measure } from './metrics.ts';
import type { RolloutSetting } from './setting.ts';

/** Metrics are kept by the minute; looking more often tells nothing new. */
const LOOK_EVERY_IN_MS = 30_000;

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
  const end = watching.since.getTime() + bakeTimeInMinutes * 60_000;
  if (!hasLimits(limits)) {
    await pause(Math.max(0, end - setting.now().getTime()), setting.abortSignal);
    return { passed: true, words: `${bakeTimeInMinutes} min passed; no limits are set.` };
  }
  for (;;) {
    const now = setting.now();
    const isFinal = now.getTime() >= end;
    const finding = await look(setting, watching, isFinal);
    if (finding.is === 'broken') return { passed: false, words: finding.words };
    if (isFinal) return { passed: true, words: finding.words };
    setting.log.info(`${finding.words} ${minutes(end - now.getTime())} min to go.`);
    await pause(Math.min(LOOK_EVERY_IN_MS, end - now.getTime()), setting.abortSignal);
  }
}

async function look(setting: RolloutSetting, watching: Watch, isFinal: boolean): Promise<Finding> {
  const { deployment, since, endpointId, wish } = watching;
  const question = { endpointId, deployment, from: since, to: setting.now(), limits: wish.limits };
  const measured = await measure(setting.client, question, { abortSignal: setting.abortSignal });
  return judge(wish.limits, measured, isFinal);
}

function minutes(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 60_000).toFixed(1);
}

export function limitBroken(deployment: string, words: string): Problem {
  return new Problem({
    code: 'rollout',
    message: `Deployment '${deployment}' did not hold its limits: ${words}`,
    next: 'Look at the log above and at the metrics of the endpoint, mend the model or the limits, and deploy again.',
  });
}
