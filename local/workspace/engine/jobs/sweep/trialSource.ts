import { Problem } from '../../../../../shared/problem/index.ts';
import { bayesianTrials, sobolTrials } from './guided/guidedTrials.ts';
import { trialsOf } from './sampler.ts';
import type { SweepSpecification } from './specification.ts';
import type { JobTools } from '../tools.ts';
import type { Trial, TrialSource } from './trials.ts';

export interface Opening {
  readonly tools: JobTools;
  readonly onLog: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Where a sweep's trials come from. */
export async function openTrials(
  { space, sampling, termination }: SweepSpecification,
  opening: Opening,
): Promise<TrialSource> {
  const guidance = { ...opening, space, seed: sampling.seed };
  if (sampling.algorithm === 'bayesian') {
    if (termination) throw noTermination();
    return bayesianTrials(guidance);
  }
  if (sampling.rule === 'sobol') return sobolTrials(guidance);
  return inOrder(trialsOf(space, sampling)[Symbol.iterator]());
}

function inOrder(trials: Iterator<Trial>): TrialSource {
  return {
    next: async () => {
      const next = trials.next();
      return next.done ? undefined : next.value;
    },
    tell: () => undefined,
    close: () => undefined,
  };
}

function noTermination(): Problem {
  return new Problem({
    code: 'input',
    message: 'Bayesian sampling learns from whole trials, so it has no early termination policy.',
    next: 'Leave early_termination out, or use random sampling.',
  });
}
