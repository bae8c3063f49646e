/** Counts of values by size: each class is five percent wider than the one before, so a percentile is off by less. */
export type Histogram = Readonly<Record<string, number>>;

const GROWTH = Math.log(1.05);
/** Everything faster counts as this many milliseconds. */
const SMALLEST = 0.01;

export function classOf(milliseconds: number): number {
  return Math.round(Math.log(Math.max(milliseconds, SMALLEST)) / GROWTH);
}

export function mergeHistograms(histograms: Iterable<Histogram>): Histogram {
  const merged: Record<string, number> = {};
  for (const histogram of histograms) {
    for (const [name, count] of Object.entries(histogram)) merged[name] = (merged[name] ?? 0) + count;
  }
  return merged;
}

/** The value that `share` (0 to 1) of the values do not exceed, by the nearest rank. */
export function percentile(histogram: Histogram, share: number): number | undefined {
  const classes = Object.entries(histogram)
    .map(([name, count]) => [Number(name), count] as const)
    .sort(([one], [other]) => one - other);
  let rank = Math.ceil(share * classes.reduce((sum, [, count]) => sum + count, 0));
  for (const [name, count] of classes) {
    rank -= count;
    if (rank <= 0) return Math.exp(name * GROWTH);
  }
  return undefined;
}
