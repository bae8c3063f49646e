import type { DraftMap } from '../../compilation.ts';
import { required } from '../../fields/field.ts';
import { tableData } from './data.ts';
import { IMAGE_CLASSIFICATION, IMAGE_DETECTION } from './images.ts';
import { aText, word, type Mode, type Setting, type Settings } from './setting.ts';
import { forecasting, TABULAR, training } from './tabular.ts';
import { ONE_TRIAL, TEXTS } from './texts.ts';
import {
  ACCURACY,
  CLASSIFICATION_ALGORITHMS,
  CLASSIFICATION_METRICS,
  DETECTION_METRICS,
  FORECASTING_ALGORITHMS,
  LOG_VERBOSITY,
  MULTILABEL_METRICS,
  REGRESSION_ALGORITHMS,
  REGRESSION_METRICS,
} from './words.ts';

/** One task of AutoML: its settings, and what is sent where the file says nothing. */
export interface Task {
  /** The API's name of it. */
  readonly restName: string;
  readonly settings: Settings;
  /** In the file's words. */
  readonly usual: Readonly<Record<Mode, DraftMap>>;
}

interface Parts {
  readonly metrics: Readonly<Record<string, string>>;
  readonly metric: string;
  readonly settings: Settings;
  readonly usual?: DraftMap;
  /** What only one of the two forms sends. */
  readonly usualIn?: Partial<Readonly<Record<Mode, DraftMap>>>;
}

const SHARED: Settings = {
  log_verbosity: word(LOG_VERBOSITY),
  training_data: { ...tableData, field: (mode) => required(tableData.field(mode)) },
};
const TARGET: Setting = { ...aText, field: (mode) => required(aText.field(mode)) };

function task(restName: string, { metrics, metric, settings, usual, usualIn }: Parts): Task {
  const always = { primary_metric: metric, ...usual };
  return {
    restName,
    settings: { ...SHARED, target_column_name: TARGET, primary_metric: word(metrics), ...settings },
    usual: { job: { ...always, ...usualIn?.job }, step: { ...always, ...usualIn?.step } },
  };
}

const TOLD = { log_verbosity: 'info' };

function tabular(restName: string, parts: Parts): Task {
  return task(restName, {
    ...parts,
    settings: { ...TABULAR, ...parts.settings },
    usual: TOLD,
    usualIn: { step: { training: {}, ...parts.usualIn?.step } },
  });
}

function trained(algorithms: Readonly<Record<string, string>>): Settings {
  return { training: { ...training(algorithms), name: 'trainingSettings' } };
}

function images(restName: string, parts: Parts): Task {
  return task(restName, { ...parts, usual: { limits: {}, ...TOLD } });
}

/** The API itself says what text tasks but classification are measured by, so a job does not. */
const unsentMetric: Setting = { ...word(ACCURACY), rest: () => undefined };

function texts(restName: string, parts: Parts): Task {
  return task(restName, {
    ...parts,
    settings: { ...TEXTS, ...parts.settings },
    usual: { limits: ONE_TRIAL },
    usualIn: { job: TOLD },
  });
}

export const TASKS: Readonly<Record<string, Task>> = {
  classification: tabular('Classification', {
    metrics: CLASSIFICATION_METRICS,
    metric: 'auc_weighted',
    usualIn: { step: { primary_metric: 'accuracy' } },
    settings: { positive_label: aText, ...trained(CLASSIFICATION_ALGORITHMS) },
  }),
  regression: tabular('Regression', {
    metrics: REGRESSION_METRICS,
    metric: 'normalized_root_mean_squared_error',
    settings: trained(REGRESSION_ALGORITHMS),
  }),
  forecasting: tabular('Forecasting', {
    metrics: REGRESSION_METRICS,
    metric: 'normalized_root_mean_squared_error',
    settings: {
      ...trained(FORECASTING_ALGORITHMS),
      forecasting: { ...forecasting, name: 'forecastingSettings' },
    },
  }),
  image_classification: images('ImageClassification', {
    metrics: CLASSIFICATION_METRICS,
    metric: 'accuracy',
    settings: IMAGE_CLASSIFICATION,
  }),
  image_classification_multilabel: images('ImageClassificationMultilabel', {
    metrics: MULTILABEL_METRICS,
    metric: 'iou',
    settings: IMAGE_CLASSIFICATION,
  }),
  image_object_detection: images('ImageObjectDetection', {
    metrics: DETECTION_METRICS,
    metric: 'mean_average_precision',
    settings: IMAGE_DETECTION,
  }),
  image_instance_segmentation: images('ImageInstanceSegmentation', {
    metrics: DETECTION_METRICS,
    metric: 'mean_average_precision',
    settings: IMAGE_DETECTION,
  }),
  text_classification: texts('TextClassification', {
    metrics: CLASSIFICATION_METRICS,
    metric: 'accuracy',
    settings: {},
  }),
  text_classification_multilabel: texts('TextClassificationMultilabel', {
    metrics: ACCURACY,
    metric: 'accuracy',
    settings: { primary_metric: unsentMetric },
  }),
  text_ner: texts('TextNER', {
    metrics: ACCURACY,
    metric: 'accuracy',
    settings: { primary_metric: unsentMetric, target_column_name: { ...aText, rest: () => undefined } },
  }),
};
