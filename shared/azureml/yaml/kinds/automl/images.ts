import { booleanSpace, integerSpace, realSpace, textSpace, wordSpace } from './searchSpace.ts';
import { tableData } from './data.ts';
import {
  aBoolean,
  anInteger,
  aReal,
  aText,
  group,
  listOfSetting,
  minutes,
  word,
  type Setting,
  type Settings,
} from './setting.ts';
import { sweep } from './sweep.ts';
import { IMAGE_SCHEDULERS, MODEL_SIZES, OPTIMIZERS, SWITCHES, VALIDATION_METRICS } from './words.ts';

type Kind = 'real' | 'integer' | 'boolean' | 'text' | Readonly<Record<string, string>>;

/** What a training of images is told, by kind of value: each is one value in a training, and a space in a search. */
const COMMON: Readonly<Record<string, Kind>> = {
  ams_gradient: 'boolean',
  beta1: 'real',
  beta2: 'real',
  distributed: 'boolean',
  early_stopping: 'boolean',
  early_stopping_delay: 'integer',
  early_stopping_patience: 'integer',
  evaluation_frequency: 'integer',
  enable_onnx_normalization: 'boolean',
  gradient_accumulation_step: 'integer',
  layers_to_freeze: 'integer',
  learning_rate: 'real',
  learning_rate_scheduler: IMAGE_SCHEDULERS,
  model_name: 'text',
  momentum: 'real',
  nesterov: 'boolean',
  number_of_epochs: 'integer',
  number_of_workers: 'integer',
  optimizer: OPTIMIZERS,
  random_seed: 'integer',
  step_lr_gamma: 'real',
  step_lr_step_size: 'integer',
  training_batch_size: 'integer',
  validation_batch_size: 'integer',
  warmup_cosine_lr_cycles: 'real',
  warmup_cosine_lr_warmup_epochs: 'integer',
  weight_decay: 'real',
};

const CLASSIFICATION: Readonly<Record<string, Kind>> = {
  ...COMMON,
  training_crop_size: 'integer',
  validation_crop_size: 'integer',
  validation_resize_size: 'integer',
  weighted_loss: 'integer',
};

const DETECTION: Readonly<Record<string, Kind>> = {
  ...COMMON,
  box_detections_per_image: 'integer',
  box_score_threshold: 'real',
  image_size: 'integer',
  max_size: 'integer',
  min_size: 'integer',
  model_size: MODEL_SIZES,
  multi_scale: 'boolean',
  nms_iou_threshold: 'real',
  tile_grid_size: 'text',
  tile_overlap_ratio: 'real',
  tile_predictions_nms_threshold: 'real',
  validation_iou_threshold: 'real',
  validation_metric_type: VALIDATION_METRICS,
};

const VALUES = { real: aReal, integer: anInteger, boolean: aBoolean, text: aText } as const;
const SPACES = { real: realSpace, integer: integerSpace, boolean: booleanSpace, text: textSpace } as const;

function valueOf(kind: Kind): Setting {
  return typeof kind === 'string' ? VALUES[kind] : word(kind);
}

function spaceOf(kind: Kind): Setting {
  return typeof kind === 'string' ? SPACES[kind] : wordSpace(kind);
}

function each(kinds: Readonly<Record<string, Kind>>, setting: (kind: Kind) => Setting): Settings {
  return Object.fromEntries(Object.entries(kinds).map(([key, kind]) => [key, setting(kind)]));
}

/** Members that only a training has. */
const TRAINING: Settings = {
  advanced_settings: aText,
  checkpoint_frequency: anInteger,
  checkpoint_run_id: aText,
};

const limits = group({
  max_concurrent_trials: anInteger,
  max_trials: anInteger,
  timeout_minutes: minutes('timeout'),
});

function images(kinds: Readonly<Record<string, Kind>>, training: Settings): Settings {
  const parameters = group({ ...each(kinds, valueOf), ...TRAINING, ...training });
  return {
    limits: { ...limits, name: 'limitSettings' },
    sweep: { ...sweep, name: 'sweepSettings' },
    training_parameters: { ...parameters, name: 'modelSettings' },
    search_space: listOfSetting(group(each(kinds, spaceOf))),
    validation_data: tableData,
    validation_data_size: aReal,
    // Accepted by the reference client, which sends nothing for it.
    test_data: { ...tableData, rest: () => undefined },
  };
}

export const IMAGE_CLASSIFICATION = images(CLASSIFICATION, {});
export const IMAGE_DETECTION = images(DETECTION, {
  log_training_metrics: word(SWITCHES),
  log_validation_loss: word(SWITCHES),
});
