import type { Draft, DraftMap } from '../../compilation.ts';
import { draft, seconds } from '../../draft.ts';
import { integer, jsonOf, number, oneOf, oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, mapOf, members, record, type Shape } from '../../fields/collections.ts';
import { mapped, readField, required, type Field } from '../../fields/field.ts';

/** What each distribution takes, in the order the service wants its arguments. */
export const ARGUMENTS = {
  uniform: ['min_value', 'max_value'],
  loguniform: ['min_value', 'max_value'],
  quniform: ['min_value', 'max_value', 'q'],
  qloguniform: ['min_value', 'max_value', 'q'],
  normal: ['mu', 'sigma'],
  lognormal: ['mu', 'sigma'],
  qnormal: ['mu', 'sigma', 'q'],
  qlognormal: ['mu', 'sigma', 'q'],
  randint: ['upper'],
} as const;
const TYPES = ['choice', ...keysOf(ARGUMENTS)] as const;

function keysOf<T extends object>(value: T): (keyof T & string)[] {
  return Object.keys(value).filter((key): key is keyof T & string => key in value);
}

/** One parameter of a sweep as the service wants it: `["uniform", [0, 1]]`. */
const parameter: Field<Draft> = {
  expected: `a mapping with type, one of ${TYPES.join(', ')}`,
  read(node, scope) {
    const type = members(node, scope, { type: required(oneOf(TYPES)) }, { open: true })?.type;
    if (type === undefined) return undefined;
    if (type === 'choice') {
      const read = members(node, scope, { type: text, values: listOf(choice) });
      return read && ['choice', [read.values ?? []]];
    }
    const names = ARGUMENTS[type];
    const field = type === 'randint' ? integer : number;
    const shape: Shape = { type: text, ...Object.fromEntries(names.map((name) => [name, required(field)])) };
    const read = members(node, scope, shape);
    return read && [type, names.map((name) => numberOr(read[name]))];
  },
};

function numberOr(value: unknown): Draft {
  return typeof value === 'number' ? value : null;
}

/** One value to choose: a number, text, or a mapping whose members may be parameters of their own. */
const choice: Field<Draft> = {
  expected: 'a number, text or a mapping (truth values need quotes)',
  read(node, scope) {
    if (node.kind === 'map') return nested.read(node, scope);
    const fits = node.kind === 'scalar' && ['int', 'float', 'str'].includes(node.type);
    return fits ? jsonOf(node) : scope.unexpected(node, this.expected);
  },
};

const nested: Field<DraftMap> = mapOf({
  expected: 'a number, text or a parameter',
  read: (node, scope) =>
    node.kind === 'map' ? readField(parameter, node, scope) : readField(choice, node, scope),
});

export const searchSpace: Field<DraftMap> = mapped(mapOf(parameter), (space, node, scope) => {
  for (const name of Object.keys(space)) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
    scope.refuse(node.at, `The parameter name '${name}' may hold only letters, digits and underscores.`);
  }
  return space;
});

const ALGORITHMS = { random: 'Random', grid: 'Grid', bayesian: 'Bayesian' } as const;
const RULES = { random: 'Random', sobol: 'Sobol' } as const;

/** How parameters are picked: a word, or for random sampling a mapping with seed, rule and logbase. */
export const samplingAlgorithm: Field<DraftMap> = {
  expected: 'random, grid or bayesian, or a mapping with such a type',
  read(node, scope) {
    const word = oneOf(['random', 'grid', 'bayesian']);
    if (node.kind === 'scalar') {
      const name = word.read(node, scope);
      return name && { samplingAlgorithmType: ALGORITHMS[name] };
    }
    const type = members(node, scope, { type: required(word) }, { open: true })?.type;
    if (type === undefined) return undefined;
    if (type !== 'random') {
      members(node, scope, { type: text });
      return { samplingAlgorithmType: ALGORITHMS[type] };
    }
    const read = members(node, scope, {
      type: text,
      seed: integer,
      rule: oneOf(['random', 'sobol']),
      logbase,
    });
    const rule = read?.rule && RULES[read.rule];
    return read && draft({ samplingAlgorithmType: 'Random', seed: read.seed, rule, logbase: read.logbase });
  },
};

const logbase: Field<Draft> = {
  expected: 'a number or a word',
  read: (node, scope) =>
    node.kind === 'scalar' ? jsonOf(node) : scope.unexpected(node, 'a number or a word'),
};

const GOALS = { minimize: 'Minimize', maximize: 'Maximize' } as const;

export const objective: Field<DraftMap> = mapped(
  record({ goal: required(oneOf(['minimize', 'maximize'])), primary_metric: required(text) }),
  (read) => draft({ goal: read.goal && GOALS[read.goal], primaryMetric: read.primary_metric }),
);

/** An early termination policy; what is left out is sent as zero, as the reference client does. */
export interface EarlyTermination {
  readonly type: 'bandit' | 'median_stopping' | 'truncation_selection';
  readonly delay_evaluation: number;
  readonly evaluation_interval: number;
  readonly slack_factor?: number;
  readonly slack_amount?: number;
  readonly truncation_percentage?: number;
}

const POLICIES = ['bandit', 'median_stopping', 'truncation_selection'] as const;

export const earlyTermination: Field<EarlyTermination> = {
  expected: `a mapping with type, one of ${POLICIES.join(', ')}`,
  read(node, scope) {
    const type = members(node, scope, { type: required(oneOfSnake(POLICIES)) }, { open: true })?.type;
    if (type === undefined) return undefined;
    const shared = { type: text, delay_evaluation: integer, evaluation_interval: integer };
    const read = members(node, scope, {
      ...shared,
      ...(type === 'bandit' ? { slack_factor: number, slack_amount: number } : {}),
      ...(type === 'truncation_selection' ? { truncation_percentage: required(integer) } : {}),
    });
    if (!read) return undefined;
    const base = {
      type,
      delay_evaluation: read.delay_evaluation ?? 0,
      evaluation_interval: read.evaluation_interval ?? (type === 'median_stopping' ? 1 : 0),
    };
    if (type === 'bandit') {
      return { ...base, slack_factor: read.slack_factor ?? 0, slack_amount: read.slack_amount ?? 0 };
    }
    return type === 'truncation_selection'
      ? { ...base, truncation_percentage: read.truncation_percentage ?? 0 }
      : base;
  },
};

const POLICY_TYPES = {
  bandit: 'Bandit',
  median_stopping: 'MedianStopping',
  truncation_selection: 'TruncationSelection',
} as const;

export function restEarlyTermination(policy: EarlyTermination): DraftMap {
  return draft({
    policyType: POLICY_TYPES[policy.type],
    delayEvaluation: policy.delay_evaluation,
    evaluationInterval: policy.evaluation_interval,
    slackFactor: policy.slack_factor,
    slackAmount: policy.slack_amount,
    truncationPercentage: policy.truncation_percentage,
  });
}

/** The same for a sweep step of a pipeline: snake case, and a slack that was left out stays out. */
export function nodeEarlyTermination({
  type,
  slack_factor,
  slack_amount,
  ...policy
}: EarlyTermination): DraftMap {
  return draft({
    policy_type: POLICY_TYPES[type],
    ...policy,
    slack_factor: slack_factor === 0 ? undefined : slack_factor,
    slack_amount: slack_amount === 0 ? undefined : slack_amount,
  });
}

export const sweepLimits = record({
  max_total_trials: required(integer),
  max_concurrent_trials: integer,
  timeout: integer,
  trial_timeout: integer,
});

export type SweepLimits = Exclude<ReturnType<(typeof sweepLimits)['read']>, undefined>;

export function restLimits(limits: SweepLimits): DraftMap {
  return draft({
    jobLimitsType: 'Sweep',
    maxTotalTrials: limits.max_total_trials,
    maxConcurrentTrials: limits.max_concurrent_trials,
    timeout: seconds(limits.timeout),
    trialTimeout: seconds(floored(limits.trial_timeout)),
  });
}

/** The same for a sweep step of a pipeline: snake case, seconds as numbers. */
export function nodeLimits(limits: SweepLimits): DraftMap {
  return draft({ ...limits, trial_timeout: floored(limits.trial_timeout) });
}

/** The service takes less than a minute for sixty days, so the reference client sends at least 60 seconds. */
function floored(value: number | undefined): number | undefined {
  return value ? Math.max(60, value) : value;
}
