/** The API's spelling of words that files write in snake case. */
function spelled(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [snakeCase(name), name]));
}

/** `NormMacroRecall` -> `norm_macro_recall`. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

export const LOG_VERBOSITY = spelled('NotSet', 'Debug', 'Info', 'Warning', 'Error', 'Critical');

export const CLASSIFICATION_METRICS = spelled(
  'AUCWeighted',
  'Accuracy',
  'NormMacroRecall',
  'AveragePrecisionScoreWeighted',
  'PrecisionScoreWeighted',
);
export const MULTILABEL_METRICS = { ...CLASSIFICATION_METRICS, iou: 'IOU' };
export const REGRESSION_METRICS = spelled(
  'SpearmanCorrelation',
  'NormalizedRootMeanSquaredError',
  'R2Score',
  'NormalizedMeanAbsoluteError',
);
export const DETECTION_METRICS = spelled('MeanAveragePrecision');
export const ACCURACY = spelled('Accuracy');

const COMMON_ALGORITHMS = spelled(
  'SGD',
  'KNN',
  'DecisionTree',
  'RandomForest',
  'ExtremeRandomTrees',
  'LightGBM',
  'GradientBoosting',
);
export const CLASSIFICATION_ALGORITHMS = {
  ...COMMON_ALGORITHMS,
  ...spelled(
    'LogisticRegression',
    'MultinomialNaiveBayes',
    'BernoulliNaiveBayes',
    'SVM',
    'LinearSVM',
    'XGBoostClassifier',
  ),
};
export const REGRESSION_ALGORITHMS = {
  ...COMMON_ALGORITHMS,
  ...spelled('ElasticNet', 'LassoLars', 'XGBoostRegressor'),
};
export const FORECASTING_ALGORITHMS = {
  ...REGRESSION_ALGORITHMS,
  ...spelled(
    'AutoArima',
    'Prophet',
    'Naive',
    'SeasonalNaive',
    'Average',
    'SeasonalAverage',
    'ExponentialSmoothing',
    'Arimax',
    'TCNForecaster',
  ),
};

export const TRAINING_MODES = spelled('Auto', 'Distributed', 'NonDistributed');
export const META_LEARNERS = spelled(
  'None',
  'LogisticRegression',
  'LogisticRegressionCV',
  'LightGBMClassifier',
  'ElasticNet',
  'ElasticNetCV',
  'LightGBMRegressor',
  'LinearRegression',
);
export const TRANSFORMERS = spelled(
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
);
export const TRANSFORMER_PARAMETERS = spelled('Imputer', 'TfIdf', 'HashOneHotEncoder');

export const IMAGE_SCHEDULERS = spelled('None', 'WarmupCosine', 'Step');
export const OPTIMIZERS = spelled('None', 'Sgd', 'Adam', 'Adamw');
export const MODEL_SIZES = spelled('None', 'Small', 'Medium', 'Large', 'ExtraLarge');
export const VALIDATION_METRICS = spelled('None', 'Coco', 'Voc', 'CocoVoc');
export const SWITCHES = spelled('Enable', 'Disable');
export const TEXT_SCHEDULERS = spelled(
  'None',
  'Linear',
  'Cosine',
  'CosineWithRestarts',
  'Polynomial',
  'Constant',
  'ConstantWithWarmup',
);
