import { Problem } from '../../../../../shared/problem/index.ts';
import { type Distribution, seeded } from './distribution.ts';

export type Trial = Readonly<Record<string, string>>;

export interface Sampling {
  readonly algorithm: 'random' | 'grid' | 'bayesian';
  readonly seed?: number;
}

/** The trials to run, in order; endless for random sampling. */
export function trialsOf(space: Readonly<Record<string, Distribution>>, sampling: Sampling): Iterable<Trial> {
  switch (sampling.algorithm) {
    case 'grid':
      return grid(Object.entries(space));
    case 'random':
      return randomTrials(Object.entries(space), sampling.seed ?? Date.now());
    case 'bayesian':
      throw new Problem({
        code: 'unsupported',
        message: 'Bayesian sampling is not offered by the embedded workspace.',
        next: 'Use random or grid sampling here, or run the job on Azure.',
      });
  }
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
