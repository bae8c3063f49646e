import { jobInput } from './jobs.ts';
import {
  choice,
  fullText,
  list,
  map,
  needed,
  number,
  object,
  text,
  texts,
  word,
  type Shape,
} from './shape.ts';
import { managedServiceIdentity } from './tracked.ts';

const inputData = choice(
  'inputDataType',
  object({
    columns: texts,
    dataContext: text,
    jobInputType: needed(
      word('literal', 'uri_file', 'uri_folder', 'mltable', 'custom_model', 'mlflow_model', 'triton_model'),
    ),
    uri: needed(fullText),
  }),
  {
    Fixed: object({}),
    Rolling: object({
      preprocessingComponentId: text,
      windowOffset: needed(text),
      windowSize: needed(text),
    }),
    Static: object({ preprocessingComponentId: text, windowEnd: needed(text), windowStart: needed(text) }),
  },
);
const features = choice('filterType', object({}), {
  AllFeatures: object({}),
  FeatureSubset: object({ features: needed(list(text)) }),
  TopNByAttribution: object({ top: number }),
});
const importance = object({ mode: word('Disabled', 'Enabled'), targetColumn: text });
const threshold = object({ value: number });
const dataTypes = map(word('Numerical', 'Categorical'));

function thresholds(numerical: Shape, categorical: Shape): Shape {
  return list(
    choice('dataType', object({ threshold }), {
      Numerical: object({ metric: needed(numerical) }),
      Categorical: object({ metric: needed(categorical) }),
    }),
  );
}

const drift = thresholds(
  word(
    'JensenShannonDistance',
    'PopulationStabilityIndex',
    'NormalizedWassersteinDistance',
    'TwoSampleKolmogorovSmirnovTest',
  ),
  word('JensenShannonDistance', 'PopulationStabilityIndex', 'PearsonsChiSquaredTest'),
);
const faults = word('NullValueRate', 'DataTypeErrorRate', 'OutOfBoundsRate');
const compared = {
  featureDataTypeOverride: dataTypes,
  productionData: needed(inputData),
  referenceData: needed(inputData),
};
const ofFeatures = { features, featureImportanceSettings: importance };

const signal = choice(
  'signalType',
  object({ notificationTypes: list(word('AmlNotification')), properties: texts }),
  {
    DataDrift: object({ ...compared, ...ofFeatures, metricThresholds: needed(drift) }),
    PredictionDrift: object({ ...compared, metricThresholds: needed(drift) }),
    DataQuality: object({ ...compared, ...ofFeatures, metricThresholds: needed(thresholds(faults, faults)) }),
    FeatureAttributionDrift: object({
      featureDataTypeOverride: dataTypes,
      featureImportanceSettings: needed(importance),
      metricThreshold: needed(
        object({ metric: needed(word('NormalizedDiscountedCumulativeGain')), threshold }),
      ),
      productionData: needed(list(inputData)),
      referenceData: needed(inputData),
    }),
    Custom: object({
      componentId: needed(fullText),
      inputAssets: map(inputData),
      inputs: map(jobInput),
      metricThresholds: needed(list(object({ metric: needed(fullText), threshold }))),
    }),
  },
);

/** What a schedule that creates a monitor says of it. */
export const monitorDefinition = object({
  alertNotificationSettings: object({
    emailNotificationSettings: object({ emails: list(text) }),
  }),
  computeConfiguration: needed(
    choice('computeType', object({}), {
      ServerlessSpark: object({
        computeIdentity: needed(
          choice('computeIdentityType', object({}), {
            AmlToken: object({}),
            ManagedIdentity: object({ identity: managedServiceIdentity }),
          }),
        ),
        instanceType: needed(fullText),
        runtimeVersion: needed(fullText),
      }),
    }),
  ),
  monitoringTarget: object({
    deploymentId: text,
    modelId: text,
    taskType: needed(word('Classification', 'Regression')),
  }),
  signals: needed(map(signal)),
});
