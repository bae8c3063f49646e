import { Problem } from '../../../../../shared/problem/index.ts';
import { milliseconds } from '../duration.ts';
import type { Json } from '../records/index.ts';
import { isRecord, optional, recordOf, textOf } from '../json.ts';
import { type CommandSpecification, commandSpecification } from '../specification.ts';
import { type Distribution, readDistribution } from './distribution.ts';
import type { Policy, Termination } from './earlyTermination.ts';
import type { Sampling } from './sampler.ts';

/** What a sweep does, whether it is a job or a step of a pipeline. */
export interface SweepSpecification {
  readonly trial: CommandSpecification;
  readonly space: Readonly<Record<string, Distribution>>;
  readonly sampling: Sampling;
  readonly primaryMetric: string;
  readonly maximize: boolean;
  readonly maxTotalTrials: number;
  readonly maxConcurrentTrials: number;
  readonly timeoutInMs?: number;
  readonly termination?: Termination;
}

const MOST_TRIALS = 1000;
const MOST_AT_ONCE = 100;

/** Reads the `properties` of a sweep job; `trial` is made complete with the job's own inputs and outputs. */
export function sweepSpecification(properties: Json): SweepSpecification {
  const limits = recordOf(properties['limits']);
  const trial = commandSpecification({
    ...recordOf(properties['trial']),
    computeId: properties['computeId'],
    inputs: properties['inputs'],
    outputs: properties['outputs'],
    limits: { timeout: durationText(limits['trialTimeout'] ?? limits['trial_timeout']) },
  });
  return sweepOf(trial, {
    space: recordOf(properties['searchSpace']),
    sampling: properties['samplingAlgorithm'],
    objective: recordOf(properties['objective']),
    limits,
    termination: recordOf(properties['earlyTermination']),
  });
}

/** The parts of a sweep, in the camel case of jobs or in the snake case of pipeline steps. */
export interface SweepParts {
  readonly space: Json;
  readonly sampling: unknown;
  readonly objective: Json;
  readonly limits: Json;
  readonly termination: Json;
}

export function sweepOf(trial: CommandSpecification, parts: SweepParts): SweepSpecification {
  const { limits, objective } = parts;
  const timeout = durationText(limits['timeout']);
  const metric = textOf(objective['primaryMetric'] ?? objective['primary_metric']);
  if (metric === undefined) throw new Problem({ code: 'input', message: 'The sweep has no primary metric.' });
  return {
    trial,
    space: Object.fromEntries(
      Object.entries(parts.space).map(([name, value]) => [name, readDistribution(name, value)]),
    ),
    sampling: readSampling(parts.sampling),
    primaryMetric: metric,
    maximize: String(objective['goal']).toLowerCase() === 'maximize',
    maxTotalTrials: Math.min(
      count(limits['maxTotalTrials'] ?? limits['max_total_trials']) ?? MOST_TRIALS,
      MOST_TRIALS,
    ),
    maxConcurrentTrials:
      count(limits['maxConcurrentTrials'] ?? limits['max_concurrent_trials']) ?? MOST_AT_ONCE,
    ...optional('timeoutInMs', timeout === undefined ? undefined : milliseconds(timeout)),
    ...optional('termination', readTermination(parts.termination)),
  };
}

function readSampling(value: unknown): Sampling {
  const object = recordOf(value);
  const name = String(
    isRecord(value) ? (object['samplingAlgorithmType'] ?? object['type']) : (value ?? 'random'),
  ).toLowerCase();
  const seed = object['seed'];
  const rule = textOf(object['rule'])?.toLowerCase();
  return {
    algorithm: name === 'grid' || name === 'bayesian' ? name : 'random',
    ...(typeof seed === 'number' ? { seed } : {}),
    ...(rule === 'sobol' ? { rule } : {}),
  };
}

function readTermination(value: Json): Termination | undefined {
  const policy = readPolicy(value);
  if (!policy) return undefined;
  return {
    policy,
    interval: Math.max(1, count(value['evaluationInterval'] ?? value['evaluation_interval']) ?? 1),
    delay: count(value['delayEvaluation'] ?? value['delay_evaluation']) ?? 0,
  };
}

function readPolicy(value: Json): Policy | undefined {
  const number = (camel: string, snake: string): number | undefined => count(value[camel] ?? value[snake]);
  switch (
    String(value['policyType'] ?? value['type'] ?? '')
      .toLowerCase()
      .replaceAll('_', '')
  ) {
    case 'bandit': {
      const [factor, amount] = [number('slackFactor', 'slack_factor'), number('slackAmount', 'slack_amount')];
      return {
        kind: 'bandit',
        ...(factor ? { slackFactor: factor } : {}),
        ...(amount ? { slackAmount: amount } : {}),
      };
    }
    case 'medianstopping':
      return { kind: 'median' };
    case 'truncationselection':
      return {
        kind: 'truncation',
        percentage: number('truncationPercentage', 'truncation_percentage') ?? 10,
      };
    default:
      return undefined;
  }
}

function count(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Steps of pipelines give seconds. */
export function durationText(value: unknown): string | undefined {
  if (typeof value === 'number') return `PT${value}S`;
  if (typeof value === 'string' && /^\d+$/.test(value)) return `PT${value}S`;
  return textOf(value);
}
