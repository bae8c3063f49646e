/** When a trial that does worse than others is ended before its time. */
export type Policy =
  | { readonly kind: 'bandit'; readonly slackFactor?: number; readonly slackAmount?: number }
  | { readonly kind: 'median' }
  | { readonly kind: 'truncation'; readonly percentage: number };

export interface Termination {
  readonly policy: Policy;
  /** How many reports of the metric lie between two looks. */
  readonly interval: number;
  /** How many reports there must be at the first look. */
  readonly delay: number;
}

/** Reports of the primary metric, in order, turned so that more is better. */
export type Reports = readonly number[];

/** Whether a trial is to be ended now, given its own reports and those of all trials, itself included. */
export function isToEnd(
  own: Reports,
  all: readonly Reports[],
  { policy, interval, delay }: Termination,
): boolean {
  const count = own.length;
  if (count === 0 || count < delay || count % interval !== 0) return false;
  const comparable = all
    .filter((reports) => reports.length >= count)
    .map((reports) => reports.slice(0, count));
  const best = Math.max(...own);
  switch (policy.kind) {
    case 'bandit':
      return best < allowedByBandit(Math.max(...comparable.flat()), policy);
    case 'median':
      return comparable.length > 1 && best < median(comparable.map(mean));
    case 'truncation':
      return isAmongLast(
        best,
        comparable.map((reports) => Math.max(...reports)),
        policy.percentage,
      );
  }
}

/** The slack is taken away from the best; with metrics turned round it lies on the other side of zero. */
function allowedByBandit(
  best: number,
  { slackFactor, slackAmount }: Extract<Policy, { kind: 'bandit' }>,
): number {
  if (slackAmount !== undefined) return best - slackAmount;
  const factor = 1 + (slackFactor ?? 0);
  return best >= 0 ? best / factor : best * factor;
}

function isAmongLast(own: number, bests: readonly number[], percentage: number): boolean {
  const worse = bests.filter((best) => best < own).length;
  return worse < Math.floor((bests.length * percentage) / 100);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}
