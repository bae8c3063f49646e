import { Problem } from '../../../../../shared/problem/index.ts';
import { type Distribution, seeded } from './distribution.ts';

import type { Trial } from './trials.ts';

export interface Sampling {
  readonly algorithm: 'random' | 'grid' | 'bayesian';
  readonly seed?: number;
  /** Of random sampling: `sobol` spreads the trials evenly. */
  readonly rule?: 'random' | 'sobol';
}

/** The trials to run, in order; endless for random sampling. */
export function trialsOf(space: Readonly<Record<string, Distribution>>, sampling: Sampling): Iterable<Trial> {
  const parameters = Object.entries(space);
  return sampling.algorithm === 'grid'
    ? grid(parameters)
    : randomTrials(parameters, sampling.seed ?? Date.now());
}

function* grid(parameters: readonly (readonly [string, Distribution])[]): Generator<Trial> {
  const [first, ...rest] = parameters;
  if (!first) {
    yield {};
    return;
  }
  const [name, { values }] = first;
  if (!values) throw continuous(name);
  for (const value of values) for (const trial of grid(rest)) yield { [name]: value, ...trial };
}

function* randomTrials(
  parameters: readonly (readonly [string, Distribution])[],
  seed: number,
): Generator<Trial> {
  const random = seeded(seed);
  for (;;)
    yield Object.fromEntries(parameters.map(([name, distribution]) => [name, distribution.draw(random)]));
}

function continuous(name: string): Problem {
  return new Problem({
    code: 'input',
    message: `Grid sampling needs a choice for every parameter, and '${name}' is drawn from a distribution.`,
    next: 'Use choice, or random sampling.',
  });
}
