import Big from 'big.js';
import type { Direction, Distance } from './policy.ts';

/**
 * Exact decimals: 0.3 is better than 0.2 by exactly 0.1, which binary fractions deny. Numbers count as they are written
 * in their shortest form, so a verdict at a boundary is the one a reader gets on paper.
 */
export function improvement(candidate: number, champion: number, direction: Direction): Big {
  const change = new Big(candidate).minus(champion);
  return direction === 'higher' ? change : change.times(-1);
}

/** A distance in the metric's own unit. */
export function lengthOf(distance: Distance, champion: number): Big {
  if ('absolute' in distance) return new Big(distance.absolute);
  return new Big(champion).abs().times(distance.percent).times('0.01');
}

/** Candidate minus champion; undefined when no number can hold it. */
export function difference(candidate: number, champion: number): number | undefined {
  return finite(new Big(candidate).minus(champion).toNumber());
}

/** The change as a share of the champion's magnitude; undefined for a champion of zero. */
export function relativeDifference(candidate: number, champion: number): number | undefined {
  if (champion === 0) return undefined;
  const change = new Big(candidate).minus(champion);
  const share = change.toNumber() / Math.abs(champion);
  // Also as a percentage it must stay a number that can be written.
  return Number.isFinite(share * 100) ? share : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
