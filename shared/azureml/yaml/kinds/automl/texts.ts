import type { Draft, DraftMap } from '../../compilation.ts';
import { isDraftMap } from '../../draft.ts';
import { mapped } from '../../fields/field.ts';
import { tableData } from './data.ts';
import { integerTextSpace, realSpace, textSpace, wordSpace } from './searchSpace.ts';
import {
  anInteger,
  aReal,
  aText,
  camelCase,
  group,
  listOfSetting,
  minutes,
  word,
  type Setting,
  type Settings,
} from './setting.ts';
import { sweep } from './sweep.ts';
import { TEXT_SCHEDULERS } from './words.ts';

const PARAMETERS: Settings = {
  gradient_accumulation_steps: anInteger,
  learning_rate: aReal,
  learning_rate_scheduler: word(TEXT_SCHEDULERS),
  model_name: aText,
  number_of_epochs: anInteger,
  training_batch_size: anInteger,
  validation_batch_size: anInteger,
  warmup_ratio: aReal,
  weight_decay: aReal,
};

const SPACES: Settings = {
  gradient_accumulation_steps: integerTextSpace,
  learning_rate: realSpace,
  learning_rate_scheduler: wordSpace(TEXT_SCHEDULERS),
  model_name: textSpace,
  number_of_epochs: integerTextSpace,
  training_batch_size: integerTextSpace,
  validation_batch_size: integerTextSpace,
  warmup_ratio: realSpace,
  weight_decay: realSpace,
};

/** A job sends null for every member its file leaves out. */
function whole(settings: Settings): Setting {
  const some = group(settings);
  const nothing = Object.fromEntries(Object.keys(settings).map((key) => [camelCase(key), null]));
  return {
    ...some,
    rest(value) {
      const rest = some.rest(value);
      return isDraftMap(rest) ? { ...nothing, ...rest } : rest;
    },
  };
}

const limits = group({
  max_concurrent_trials: anInteger,
  max_trials: anInteger,
  max_nodes: anInteger,
  timeout_minutes: minutes('timeout'),
  trial_timeout_minutes: minutes('trialTimeout'),
});

/** One trial on one node, unless the file says more. */
export const ONE_TRIAL: DraftMap = { max_nodes: 1, max_trials: 1 };

const atLeastOneTrial: Setting = {
  ...limits,
  field: (mode) =>
    mapped(limits.field(mode), (read): Draft => (isDraftMap(read) ? { ...ONE_TRIAL, ...read } : read)),
  name: 'limitSettings',
};

export const TEXTS: Settings = {
  limits: atLeastOneTrial,
  sweep: { ...sweep, name: 'sweepSettings' },
  training_parameters: { ...whole(PARAMETERS), name: 'fixedParameters' },
  search_space: listOfSetting(whole(SPACES)),
  featurization: { ...group({ dataset_language: aText }), name: 'featurizationSettings' },
  validation_data: tableData,
};
