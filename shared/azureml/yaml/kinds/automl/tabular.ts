import type { Draft, DraftMap } from '../../compilation.ts';
import { Real } from '../../compilation.ts';
import { draft, isDraftMap } from '../../draft.ts';
import { anything, integer, number, oneOfSnake, text } from '../../fields/basic.ts';
import { listOf, mapOf, record } from '../../fields/collections.ts';
import { mapped, readField, required, type Field } from '../../fields/field.ts';
import { tableData } from './data.ts';
import {
  aBoolean,
  anInteger,
  aReal,
  aText,
  autoOr,
  group,
  listOfSetting,
  lowerWord,
  minutes,
  plain,
  real,
  someTexts,
  word,
  type Setting,
  type Settings,
} from './setting.ts';
import { META_LEARNERS, TRAINING_MODES, TRANSFORMER_PARAMETERS, TRANSFORMERS } from './words.ts';

const limits = group(
  {
    enable_early_termination: aBoolean,
    exit_score: aReal,
    max_concurrent_trials: anInteger,
    max_cores_per_trial: anInteger,
    max_nodes: anInteger,
    max_trials: anInteger,
    timeout_minutes: minutes('timeout'),
    trial_timeout_minutes: minutes('trialTimeout'),
  },
  { always: { sweepConcurrentTrials: 0, sweepTrials: 0 } },
);

/** What a transformer is told: numbers stay numbers, all else is text; empty is a value. */
const parameter: Field<Draft> = {
  expected: 'a number, text or empty',
  acceptsNull: true,
  read(node, scope) {
    if (node.kind === 'scalar' && node.type === 'null') return null;
    const value = number.read(node, scope.apart());
    return value === undefined ? readField(text, node, scope) : new Real(value);
  },
};

const transformer: Field<DraftMap> = mapped(
  record({ fields: listOf(text), parameters: mapOf(parameter) }),
  (read) => draft(read),
);

/** Parameters by transformer; `TfIdf` and `tf_idf` are the same one. */
const transformerParams: Setting = {
  ...plain(
    mapped(mapOf(listOf(transformer)), (params, node, scope) => {
      const words = oneOfSnake(Object.keys(TRANSFORMER_PARAMETERS));
      const entries = Object.entries(params).flatMap(([name, list]) => {
        const key = node.kind === 'map' ? node.entries.get(name)?.key : undefined;
        const known = key && words.read(key, scope.member(name));
        return known === undefined ? [] : [[known, list] as const];
      });
      return Object.fromEntries(entries);
    }),
  ),
  rest: (value) =>
    isDraftMap(value)
      ? Object.fromEntries(
          Object.entries(value).map(([key, list]) => [TRANSFORMER_PARAMETERS[key] ?? key, list]),
        )
      : value,
};

const FEATURIZATION: Settings = {
  mode: lowerWord(['auto', 'off', 'custom']),
  dataset_language: aText,
  blocked_transformers: listOfSetting(word(TRANSFORMERS)),
  column_name_and_types: plain(mapOf(text)),
  transformer_params: transformerParams,
  enable_dnn_featurization: aBoolean,
};

const plainFeaturization = group(FEATURIZATION);

/** A job says `auto` and no parameters where its file says nothing. */
const featurization: Setting = {
  ...plainFeaturization,
  rest(value) {
    const rest = plainFeaturization.rest(value);
    return isDraftMap(rest) ? { mode: 'auto', transformerParams: {}, ...rest } : rest;
  },
};

const metaLearner = word(META_LEARNERS);
const stackEnsemble: Setting = {
  field: (mode) =>
    mapped(
      record({
        stack_meta_learner_kwargs: anything,
        stack_meta_learner_train_percentage: real,
        stack_meta_learner_type: required(metaLearner.field(mode)),
      }),
      ({ stack_meta_learner_train_percentage: share, ...read }) =>
        draft({ ...read, stack_meta_learner_train_percentage: share ?? new Real(0.2) }),
    ),
  rest: (value) =>
    isDraftMap(value)
      ? draft({
          stackMetaLearnerKWargs: value['stack_meta_learner_kwargs'],
          stackMetaLearnerTrainPercentage: value['stack_meta_learner_train_percentage'],
          stackMetaLearnerType: metaLearner.rest(value['stack_meta_learner_type'] ?? null),
        })
      : value,
};

export function training(algorithms: Readonly<Record<string, string>>): Setting {
  const list = listOfSetting(word(algorithms));
  return group({
    enable_dnn_training: aBoolean,
    enable_model_explainability: aBoolean,
    enable_onnx_compatible_models: aBoolean,
    enable_stack_ensemble: aBoolean,
    enable_vote_ensemble: aBoolean,
    ensemble_model_download_timeout_minutes: minutes('ensembleModelDownloadTimeout'),
    stack_ensemble_settings: stackEnsemble,
    training_mode: word(TRAINING_MODES),
    allowed_training_algorithms: list,
    blocked_training_algorithms: list,
  });
}

const textOrTexts = plain({
  expected: 'text or a list of texts',
  read: (node, scope) => (node.kind === 'list' ? listOf(text) : text).read(node, scope),
});

/** The API takes lists only. */
const texts: Setting = {
  ...textOrTexts,
  rest: (value) => (typeof value === 'string' && value !== '' ? [value] : value),
};

const integerOrIntegers: Field<Draft> = {
  expected: 'a whole number or a list of them',
  read: (node, scope) => (node.kind === 'list' ? listOf(integer) : integer).read(node, scope),
};

export const forecasting = group({
  country_or_region_for_holidays: aText,
  cv_step_size: anInteger,
  forecast_horizon: autoOr(integer, 'value'),
  target_lags: autoOr(integerOrIntegers, 'values'),
  target_rolling_window_size: autoOr(integer, 'value'),
  time_column_name: aText,
  time_series_id_column_names: texts,
  frequency: aText,
  feature_lags: lowerWord(['none', 'auto']),
  seasonality: autoOr(integer, 'value'),
  short_series_handling_config: lowerWord(['none', 'auto', 'pad', 'drop']),
  use_stl: lowerWord(['none', 'season', 'seasontrend']),
  target_aggregate_function: lowerWord(['none', 'sum', 'max', 'min', 'mean']),
  features_unknown_at_forecast_time: texts,
});

export const TABULAR: Settings = {
  limits: { ...limits, name: 'limitSettings' },
  featurization: { ...featurization, name: 'featurizationSettings' },
  validation_data: tableData,
  validation_data_size: aReal,
  test_data: tableData,
  test_data_size: aReal,
  cv_split_column_names: someTexts,
  n_cross_validations: autoOr(integer, 'value'),
  weight_column_name: aText,
};
