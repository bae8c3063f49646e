import type { RolloutWish, Strategy } from './endpointState.ts';
import { shiftTraffic, tidyTraffic, type TrafficSplit } from './traffic.ts';

/** The service mirrors to one deployment at most, and at most half of the live requests. */
const MOST_MIRRORED = 50;
const DEFAULT_STEPS: Record<Strategy, readonly number[]> = {
  'all-at-once': [100],
  'blue-green': [100],
  canary: [10, 100],
  linear: [25, 50, 75, 100],
  shadow: [10],
};

/** Reads the `steps` input; `complaint` is a sentence for the user. */
export function readSteps(
  strategy: Strategy,
  items: readonly string[],
): { readonly steps: readonly number[] } | { readonly complaint: string } {
  if (items.length === 0) return { steps: DEFAULT_STEPS[strategy] };
  const steps = items.map((item) => Number(item.replace(/\s*%$/, '')));
  const wrong = items.find((_, index) => !isPercent(steps[index]));
  if (wrong !== undefined) return { complaint: `The step '${wrong}' is not a whole number from 1 to 100.` };
  if (steps.some((step, index) => index > 0 && step <= (steps[index - 1] ?? 0)))
    return { complaint: `The steps ${steps.join(', ')} do not rise.` };
  return fitSteps(strategy, steps);
}

function fitSteps(
  strategy: Strategy,
  steps: readonly number[],
): { steps: readonly number[] } | { complaint: string } {
  const [first = 100] = steps;
  switch (strategy) {
    case 'all-at-once':
    case 'blue-green':
      return steps.length === 1 && first === 100
        ? { steps }
        : {
            complaint: `The strategy ${strategy} moves all traffic at once and takes no steps; canary and linear do.`,
          };
    case 'linear':
      return steps.length === 1
        ? { steps: stairs(first) }
        : {
            complaint:
              'The strategy linear takes one number, the size of each step; a list of steps is a canary.',
          };
    case 'shadow':
      return steps.every((step) => step <= MOST_MIRRORED)
        ? { steps }
        : { complaint: `At most ${MOST_MIRRORED} % of the traffic can be mirrored to a shadow.` };
    case 'canary':
      return { steps };
  }
}

function stairs(size: number): number[] {
  const count = Math.ceil(100 / size);
  return Array.from({ length: count }, (_, index) => Math.min(100, (index + 1) * size));
}

function isPercent(value: number | undefined): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 100;
}

/** The traffic after each step, from the traffic before the first; empty when the deployment takes everything already. */
export function trafficSteps(wish: RolloutWish, name: string, before: TrafficSplit): readonly TrafficSplit[] {
  const share = before.live[name] ?? 0;
  if (share === 100) return [];
  if (wish.strategy === 'shadow')
    return share > 0 ? [] : wish.steps.map((percent) => ({ live: before.live, mirror: { [name]: percent } }));
  const others = Object.keys(before.live).filter((other) => other !== name);
  const percents = others.length === 0 ? [100] : wish.steps.filter((percent) => percent > share);
  return percents.map((percent) => ({
    live: shiftTraffic(before.live, name, percent),
    // A deployment cannot be mirrored to and take live traffic; somebody else's mirror stays.
    mirror: tidyTraffic({ ...before.mirror, [name]: 0 }),
  }));
}

/** All live traffic to one deployment, and no mirror to it. */
export function allTrafficTo(name: string, before: TrafficSplit): TrafficSplit {
  return { live: { [name]: 100 }, mirror: tidyTraffic({ ...before.mirror, [name]: 0 }) };
}
