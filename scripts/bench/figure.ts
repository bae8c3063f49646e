/** One line of the table. */
export interface Figure {
  readonly what: string;
  /** With its unit, as it is shown. */
  readonly value: string;
  /** The bound it is held to; undefined where a figure only informs. */
  readonly target?: string;
  /** Whether the bound is kept. */
  readonly met?: boolean;
}

/** One measurement that can be asked for by its name. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  measure(): Promise<readonly Figure[]>;
}

/** A figure that must not be larger than its bound. */
export function atMost(what: string, value: number, bound: number, show: (value: number) => string): Figure {
  return { what, value: show(value), target: `≤ ${show(bound)}`, met: value <= bound };
}

/** A figure that must not be smaller than its bound. */
export function atLeast(what: string, value: number, bound: number, show: (value: number) => string): Figure {
  return { what, value: show(value), target: `≥ ${show(bound)}`, met: value >= bound };
}

export const asSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
export const asMilliseconds = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`;
export const asRatio = (ratio: number): string => `${ratio.toFixed(2)} ×`;
export const asRate = (perSecond: number): string => `${perSecond.toFixed(0)} /s`;
export const asMegabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(2)} MB`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
