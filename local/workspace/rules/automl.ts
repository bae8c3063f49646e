import { choice, flag, fullText, list, map, needed, number, object, text, texts, word } from './shape.ts';
import {
  imageLimitSettings,
  imageModelDistributionSettingsClassification,
  imageModelDistributionSettingsObjectDetection,
  imageModelSettingsClassification,
  imageModelSettingsObjectDetection,
  imageSweepSettings,
} from './automlImages.ts';
import { forecastingSettings } from './automlForecasting.ts';
import {
  classificationTrainingSettings,
  forecastingTrainingSettings,
  regressionTrainingSettings,
} from './automlTraining.ts';

const mLTableJobInput = object({
  jobInputType: needed(word('mltable')),
  mode: word('ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload'),
  uri: needed(fullText),
});
const columnTransformer = object({ fields: list(text) });
const tableVerticalFeaturizationSettings = object({
  blockedTransformers: list(
    word(
      'TextTargetEncoder',
      'OneHotEncoder',
      'CatTargetEncoder',
      'TfIdf',
      'WoETargetEncoder',
      'LabelEncoder',
      'WordEmbedding',
      'NaiveBayes',
      'CountVectorizer',
      'HashOneHotEncoder',
    ),
  ),
  columnNameAndTypes: texts,
  datasetLanguage: text,
  enableDnnFeaturization: flag,
  mode: word('Auto', 'Custom', 'Off'),
  transformerParams: map(list(columnTransformer)),
});
const tableVerticalLimitSettings = object({
  enableEarlyTermination: flag,
  exitScore: number,
  maxConcurrentTrials: number,
  maxCoresPerTrial: number,
  maxTrials: number,
  timeout: text,
  trialTimeout: text,
});
const nCrossValidations = choice('mode', object({}), {
  Auto: object({}),
  Custom: object({ value: needed(number) }),
});
const nlpVerticalFeaturizationSettings = object({ datasetLanguage: text });
const nlpVerticalLimitSettings = object({ maxConcurrentTrials: number, maxTrials: number, timeout: text });
const CLASSIFICATION_METRICS = [
  'AUCWeighted',
  'Accuracy',
  'NormMacroRecall',
  'AveragePrecisionScoreWeighted',
  'PrecisionScoreWeighted',
];
const REGRESSION_METRICS = [
  'SpearmanCorrelation',
  'NormalizedRootMeanSquaredError',
  'R2Score',
  'NormalizedMeanAbsoluteError',
];

const validation = { validationData: mLTableJobInput, validationDataSize: number };
const table = {
  cvSplitColumnNames: list(text),
  featurizationSettings: tableVerticalFeaturizationSettings,
  limitSettings: tableVerticalLimitSettings,
  nCrossValidations,
  testData: mLTableJobInput,
  testDataSize: number,
  ...validation,
  weightColumnName: text,
};
const nlp = {
  featurizationSettings: nlpVerticalFeaturizationSettings,
  limitSettings: nlpVerticalLimitSettings,
  validationData: mLTableJobInput,
};
const image = {
  limitSettings: needed(imageLimitSettings),
  sweepSettings: imageSweepSettings,
  ...validation,
};
const imageClassification = {
  ...image,
  modelSettings: imageModelSettingsClassification,
  searchSpace: list(imageModelDistributionSettingsClassification),
};
const objectDetection = object({
  ...image,
  modelSettings: imageModelSettingsObjectDetection,
  primaryMetric: word('MeanAveragePrecision'),
  searchSpace: list(imageModelDistributionSettingsObjectDetection),
});

/** The details of an AutoML job, by what it learns. */
export const autoMLVertical = choice(
  'taskType',
  object({
    logVerbosity: word('NotSet', 'Debug', 'Info', 'Warning', 'Error', 'Critical'),
    targetColumnName: text,
    trainingData: needed(mLTableJobInput),
  }),
  {
    Classification: object({
      ...table,
      positiveLabel: text,
      primaryMetric: word(...CLASSIFICATION_METRICS),
      trainingSettings: classificationTrainingSettings,
    }),
    Forecasting: object({
      ...table,
      forecastingSettings,
      primaryMetric: word(...REGRESSION_METRICS),
      trainingSettings: forecastingTrainingSettings,
    }),
    ImageClassification: object({
      ...imageClassification,
      primaryMetric: word(...CLASSIFICATION_METRICS),
    }),
    ImageClassificationMultilabel: object({
      ...imageClassification,
      primaryMetric: word(...CLASSIFICATION_METRICS, 'IOU'),
    }),
    ImageInstanceSegmentation: objectDetection,
    ImageObjectDetection: objectDetection,
    Regression: object({
      ...table,
      primaryMetric: word(...REGRESSION_METRICS),
      trainingSettings: regressionTrainingSettings,
    }),
    TextClassification: object({ ...nlp, primaryMetric: word(...CLASSIFICATION_METRICS) }),
    TextClassificationMultilabel: object(nlp),
    TextNER: object(nlp),
  },
);
