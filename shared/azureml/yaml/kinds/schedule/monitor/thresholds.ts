import type { Draft, DraftMap } from '../../../compilation.ts';
import { pythonFloat } from '../../../document/python.ts';
import { draft } from '../../../draft.ts';
import { number, oneOf, text } from '../../../fields/basic.ts';
import { record } from '../../../fields/collections.ts';
import { mapped, required, type Field } from '../../../fields/field.ts';
import { capitalized } from '../words.ts';

type Numbers = Readonly<Record<string, number | undefined>>;

/** `jensen_shannon_distance` -> `JensenShannonDistance`. */
function pascal(word: string): string {
  return word.split('_').map(capitalized).join('');
}

function threshold(metric: string, value: number, own: Readonly<Record<string, Draft>> = {}): DraftMap {
  return { ...own, metric: pascal(metric), threshold: { value } };
}

const numericalDrift = {
  jensen_shannon_distance: number,
  normalized_wasserstein_distance: number,
  population_stability_index: number,
  two_sample_kolmogorov_smirnov_test: number,
};
const categoricalDrift = {
  jensen_shannon_distance: number,
  population_stability_index: number,
  pearsons_chi_squared_test: number,
};
const quality = record({ null_value_rate: number, data_type_error_rate: number, out_of_bounds_rate: number });
/** Taken along by the reference client, and not sent. */
const idle = { threshold: number, data_type: oneOf(['numerical', 'categorical']) };

/** Drift is measured in one way for each kind of feature: the first that is given. */
function driftOf(dataType: string, read: Numbers | undefined): DraftMap[] {
  if (!read) return [];
  const [metric, value] = Object.entries(read).find(([, given]) => given) ?? [];
  return [
    metric === undefined || value === undefined ? { dataType } : threshold(metric, value, { dataType }),
  ];
}

export const driftThresholds: Field<DraftMap[]> = mapped(
  record({ ...idle, numerical: record(numericalDrift), categorical: record(categoricalDrift) }),
  (read) => [...driftOf('Numerical', read.numerical), ...driftOf('Categorical', read.categorical)],
);

/** What drift is measured by where nobody says. */
export const USUAL_DRIFT = [
  threshold('normalized_wasserstein_distance', 0.1, { dataType: 'Numerical' }),
  threshold('jensen_shannon_distance', 0.1, { dataType: 'Categorical' }),
];

function qualityOf(dataType: string, read: Numbers | undefined): DraftMap[] {
  return Object.entries(read ?? {}).flatMap(([metric, value]) =>
    value === undefined ? [] : [threshold(metric, value, { dataType })],
  );
}

export const qualityThresholds: Field<DraftMap[]> = mapped(
  record({ ...idle, numerical: quality, categorical: quality }),
  (read) => [...qualityOf('Numerical', read.numerical), ...qualityOf('Categorical', read.categorical)],
);

const NO_FAULTS = { null_value_rate: 0, data_type_error_rate: 0, out_of_bounds_rate: 0 };
export const USUAL_QUALITY = [...qualityOf('Numerical', NO_FAULTS), ...qualityOf('Categorical', NO_FAULTS)];

export const attributionThreshold: Field<DraftMap> = mapped(
  record({ threshold: number, normalized_discounted_cumulative_gain: number }),
  ({ normalized_discounted_cumulative_gain: value }) =>
    value
      ? threshold('normalized_discounted_cumulative_gain', value)
      : { metric: 'NormalizedDiscountedCumulativeGain' },
);

/** Thresholds of a classifier go along as JSON in a property. */
export const performanceThresholds: Field<string> = mapped(
  record({ classification: required(record({ accuracy: number, precision: number, recall: number })) }),
  ({ classification }) => {
    const given = Object.entries(classification ?? {}).flatMap(([metric, value]) =>
      value ? [performanceText(capitalized(metric), value)] : [],
    );
    return `[${given.join(', ') || 'None'}]`;
  },
);

function performanceText(metric: string, value: number): string {
  return `{"modelType":"classification","metric":"${metric}","threshold":{"value":${pythonFloat(value)}}}`;
}

export const customThreshold: Field<DraftMap> = mapped(
  record({ metric_name: required(text), threshold: number }),
  (read) =>
    draft({
      metric: read.metric_name,
      threshold: read.threshold === undefined ? undefined : { value: read.threshold },
    }),
);

const JUDGED = ['groundedness', 'relevance', 'coherence', 'fluency', 'similarity'] as const;

/** A score a single answer needs, and the share of answers that must reach it. */
function judged(what: (typeof JUDGED)[number]): Field<DraftMap[]> {
  const rate = `aggregated_${what}_pass_rate`;
  const score = `acceptable_${what}_score_per_instance`;
  return mapped(record({ [rate]: required(number), [score]: number }), (read) => {
    if (Object.keys(read).length === 0) return [];
    return [threshold(score, read[score] ?? 3), threshold(rate, read[rate] ?? 0)];
  });
}

const judgedShape = {
  groundedness: judged('groundedness'),
  relevance: judged('relevance'),
  coherence: judged('coherence'),
  fluency: judged('fluency'),
  similarity: judged('similarity'),
};
export const safetyThresholds: Field<DraftMap[]> = mapped(record(judgedShape), (read) =>
  JUDGED.flatMap((what) => read[what] ?? []),
);

const tokens = record({ total_token_count: number, total_token_count_per_group: required(number) });
export const tokenThresholds: Field<DraftMap[]> = mapped(
  record({ totaltoken: tokens }),
  ({ totaltoken: read }) =>
    read
      ? [
          threshold('total_token_count', read.total_token_count ?? 3),
          threshold('total_token_count_per_group', read.total_token_count_per_group ?? 0),
        ]
      : [],
);
export const USUAL_TOKENS = [threshold('total_token_count', 0), threshold('total_token_count_per_group', 0)];
