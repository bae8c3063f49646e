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
export const autoMLVertical = choice(
  'taskType',
  object({
    logVerbosity: word('NotSet', 'Debug', 'Info', 'Warning', 'Error', 'Critical'),
    targetColumnName: text,
    trainingData: needed(mLTableJobInput),
  }),
  {
    Classification: object({
      cvSplitColumnNames: list(text),
      featurizationSettings: tableVerticalFeaturizationSettings,
      limitSettings: tableVerticalLimitSettings,
      nCrossValidations: nCrossValidations,
      positiveLabel: text,
      primaryMetric: word(
        'AUCWeighted',
        'Accuracy',
        'NormMacroRecall',
        'AveragePrecisionScoreWeighted',
        'PrecisionScoreWeighted',
      ),
      testData: mLTableJobInput,
      testDataSize: number,
      trainingSettings: classificationTrainingSettings,
      validationData: mLTableJobInput,
      validationDataSize: number,
      weightColumnName: text,
    }),
    Forecasting: object({
      cvSplitColumnNames: list(text),
      featurizationSettings: tableVerticalFeaturizationSettings,
      forecastingSettings: forecastingSettings,
      limitSettings: tableVerticalLimitSettings,
      nCrossValidations: nCrossValidations,
      primaryMetric: word(
        'SpearmanCorrelation',
        'NormalizedRootMeanSquaredError',
        'R2Score',
        'NormalizedMeanAbsoluteError',
      ),
      testData: mLTableJobInput,
      testDataSize: number,
      trainingSettings: forecastingTrainingSettings,
      validationData: mLTableJobInput,
      validationDataSize: number,
      weightColumnName: text,
    }),
    ImageClassification: object({
      limitSettings: needed(imageLimitSettings),
      modelSettings: imageModelSettingsClassification,
      primaryMetric: word(
        'AUCWeighted',
        'Accuracy',
        'NormMacroRecall',
        'AveragePrecisionScoreWeighted',
        'PrecisionScoreWeighted',
      ),
      searchSpace: list(imageModelDistributionSettingsClassification),
      sweepSettings: imageSweepSettings,
      validationData: mLTableJobInput,
      validationDataSize: number,
    }),
    ImageClassificationMultilabel: object({
      limitSettings: needed(imageLimitSettings),
      modelSettings: imageModelSettingsClassification,
      primaryMetric: word(
        'AUCWeighted',
        'Accuracy',
        'NormMacroRecall',
        'AveragePrecisionScoreWeighted',
        'PrecisionScoreWeighted',
        'IOU',
      ),
      searchSpace: list(imageModelDistributionSettingsClassification),
      sweepSettings: imageSweepSettings,
      validationData: mLTableJobInput,
      validationDataSize: number,
    }),
    ImageInstanceSegmentation: object({
      limitSettings: needed(imageLimitSettings),
      modelSettings: imageModelSettingsObjectDetection,
      primaryMetric: word('MeanAveragePrecision'),
      searchSpace: list(imageModelDistributionSettingsObjectDetection),
      sweepSettings: imageSweepSettings,
      validationData: mLTableJobInput,
      validationDataSize: number,
    }),
    ImageObjectDetection: object({
      limitSettings: needed(imageLimitSettings),
      modelSettings: imageModelSettingsObjectDetection,
      primaryMetric: word('MeanAveragePrecision'),
      searchSpace: list(imageModelDistributionSettingsObjectDetection),
      sweepSettings: imageSweepSettings,
      validationData: mLTableJobInput,
      validationDataSize: number,
    }),
    Regression: object({
      cvSplitColumnNames: list(text),
      featurizationSettings: tableVerticalFeaturizationSettings,
      limitSettings: tableVerticalLimitSettings,
      nCrossValidations: nCrossValidations,
      primaryMetric: word(
        'SpearmanCorrelation',
        'NormalizedRootMeanSquaredError',
        'R2Score',
        'NormalizedMeanAbsoluteError',
      ),
      testData: mLTableJobInput,
      testDataSize: number,
      trainingSettings: regressionTrainingSettings,
      validationData: mLTableJobInput,
      validationDataSize: number,
      weightColumnName: text,
    }),
    TextClassification: object({
      featurizationSettings: nlpVerticalFeaturizationSettings,
      limitSettings: nlpVerticalLimitSettings,
      primaryMetric: word(
        'AUCWeighted',
        'Accuracy',
        'NormMacroRecall',
        'AveragePrecisionScoreWeighted',
        'PrecisionScoreWeighted',
      ),
      validationData: mLTableJobInput,
    }),
    TextClassificationMultilabel: object({
      featurizationSettings: nlpVerticalFeaturizationSettings,
      limitSettings: nlpVerticalLimitSettings,
      validationData: mLTableJobInput,
    }),
    TextNER: object({
      featurizationSettings: nlpVerticalFeaturizationSettings,
      limitSettings: nlpVerticalLimitSettings,
      validationData: mLTableJobInput,
    }),
  },
);
