import type { Draft, DraftMap } from '../../compilation.ts';
import { Real } from '../../compilation.ts';
import { draft, isDraftMap } from '../../draft.ts';
import { jsonOf, oneOf } from '../../fields/basic.ts';
import { record } from '../../fields/collections.ts';
import { mapped, required, type Field } from '../../fields/field.ts';
import { earlyTermination, samplingAlgorithm } from '../job/sweepSettings.ts';
import { camelCase, type Setting } from './setting.ts';

const WORDS = ['random', 'grid', 'bayesian'] as const;

/** How parameters are picked: a word; a step also sends the rest of a mapping. */
const sampling: Field<Draft> = mapped(samplingAlgorithm, (_, node, scope) =>
  node.kind === 'scalar' ? oneOf(WORDS).read(node, scope) : jsonOf(node),
);

/** A policy in the file's words; what was left out is sent as zero. */
const policy: Field<DraftMap> = mapped(earlyTermination, (read) => ({
  ...draft({ ...read }),
  ...(read.slack_factor === undefined ? {} : { slack_factor: new Real(read.slack_factor) }),
  ...(read.slack_amount === undefined ? {} : { slack_amount: new Real(read.slack_amount) }),
}));

/** How a search goes on, and when its trials are stopped early. */
export const sweep: Setting = {
  field: () =>
    mapped(record({ sampling_algorithm: required(sampling), early_termination: policy }), (read) =>
      draft(read),
    ),
  rest: (value) =>
    isDraftMap(value)
      ? draft({
          samplingAlgorithm: wordOf(value['sampling_algorithm']),
          earlyTermination: restPolicy(value['early_termination']),
        })
      : value,
};

const POLICY_TYPES: Readonly<Record<string, string>> = {
  bandit: 'Bandit',
  median_stopping: 'MedianStopping',
  truncation_selection: 'TruncationSelection',
};

function restPolicy(value: Draft | undefined): DraftMap | undefined {
  if (!isDraftMap(value)) return undefined;
  const { type, ...others } = value;
  const entries = Object.entries(others).map(([key, member]) => [camelCase(key), member] as const);
  return { policyType: POLICY_TYPES[String(type)] ?? null, ...Object.fromEntries(entries) };
}

/** The API knows the word only, and starts it with a capital. */
function wordOf(sampling: Draft | undefined): Draft | undefined {
  const type = isDraftMap(sampling) ? sampling['type'] : sampling;
  return typeof type === 'string' ? type.charAt(0).toUpperCase() + type.slice(1).toLowerCase() : type;
}
