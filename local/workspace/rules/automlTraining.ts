import { flag, list, number, object, text, word, type Shape } from './shape.ts';

const stackEnsembleSettings = object({
  stackMetaLearnerTrainPercentage: number,
  stackMetaLearnerType: word(
    'None',
    'LogisticRegression',
    'LogisticRegressionCV',
    'LightGBMClassifier',
    'ElasticNet',
    'ElasticNetCV',
    'LightGBMRegressor',
    'LinearRegression',
  ),
});

const CLASSIFIERS = [
  'LogisticRegression',
  'SGD',
  'MultinomialNaiveBayes',
  'BernoulliNaiveBayes',
  'SVM',
  'LinearSVM',
  'KNN',
  'DecisionTree',
  'RandomForest',
  'ExtremeRandomTrees',
  'LightGBM',
  'GradientBoosting',
  'XGBoostClassifier',
];
const REGRESSORS = [
  'ElasticNet',
  'GradientBoosting',
  'DecisionTree',
  'KNN',
  'LassoLars',
  'SGD',
  'RandomForest',
  'ExtremeRandomTrees',
  'LightGBM',
  'XGBoostRegressor',
];
const FORECASTERS = [
  'AutoArima',
  'Prophet',
  'Naive',
  'SeasonalNaive',
  'Average',
  'SeasonalAverage',
  'ExponentialSmoothing',
  'Arimax',
  'TCNForecaster',
  ...REGRESSORS,
];

/** Which models may be tried, and how they are stacked. */
export const classificationTrainingSettings = trainingSettings(CLASSIFIERS);
export const forecastingTrainingSettings = trainingSettings(FORECASTERS);
export const regressionTrainingSettings = trainingSettings(REGRESSORS);

function trainingSettings(algorithms: readonly string[]): Shape {
  return object({
    allowedTrainingAlgorithms: list(word(...algorithms)),
    blockedTrainingAlgorithms: list(word(...algorithms)),
    enableDnnTraining: flag,
    enableModelExplainability: flag,
    enableOnnxCompatibleModels: flag,
    enableStackEnsemble: flag,
    enableVoteEnsemble: flag,
    ensembleModelDownloadTimeout: text,
    stackEnsembleSettings,
  });
}
