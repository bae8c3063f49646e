import {
  anything,
  choice,
  flag,
  fullText,
  list,
  map,
  needed,
  number,
  object,
  text,
  texts,
  word,
} from './shape.ts';
import { autoMLVertical } from './automl.ts';
import { earlyTerminationPolicy } from './automlImages.ts';

const identityConfiguration = choice('identityType', object({}), {
  AMLToken: object({}),
  Managed: object({ clientId: fullText, objectId: fullText, resourceId: text }),
  UserIdentity: object({}),
});
const webhook = choice('webhookType', object({ eventType: text }), { AzureDevOps: object({}) });
const notificationSetting = object({
  emailOn: list(word('JobCompleted', 'JobFailed', 'JobCancelled')),
  emails: list(text),
  webhooks: map(webhook),
});
const nodes = choice('nodesValueType', object({}), { All: object({}) });
const jobService = object({
  endpoint: text,
  jobServiceType: text,
  nodes: nodes,
  port: number,
  properties: texts,
});
const jobOutput = choice('jobOutputType', object({ description: text }), {
  custom_model: object({ assetName: text, mode: word('ReadWriteMount', 'Upload', 'Direct'), uri: text }),
  mlflow_model: object({ assetName: text, mode: word('ReadWriteMount', 'Upload', 'Direct'), uri: text }),
  mltable: object({ assetName: text, mode: word('ReadWriteMount', 'Upload', 'Direct'), uri: text }),
  triton_model: object({ assetName: text, mode: word('ReadWriteMount', 'Upload', 'Direct'), uri: text }),
  uri_file: object({ assetName: text, mode: word('ReadWriteMount', 'Upload', 'Direct'), uri: text }),
  uri_folder: object({ assetName: text, mode: word('ReadWriteMount', 'Upload', 'Direct'), uri: text }),
});
const queueSettings = object({ jobTier: word('Null', 'Spot', 'Basic', 'Standard', 'Premium') });
const jobResourceConfiguration = object({
  dockerArgs: text,
  dockerArgsList: list(text),
  instanceCount: number,
  instanceType: text,
  properties: map(anything),
  shmSize: text,
});
const distributionConfiguration = choice('distributionType', object({}), {
  Mpi: object({ processCountPerInstance: number }),
  PyTorch: object({ processCountPerInstance: number }),
  TensorFlow: object({ parameterServerCount: number, workerCount: number }),
  Ray: anything,
});
export const jobInput = choice('jobInputType', object({ description: text }), {
  custom_model: object({
    mode: word('ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload'),
    uri: needed(fullText),
  }),
  literal: object({ value: needed(fullText) }),
  mlflow_model: object({
    mode: word('ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload'),
    uri: needed(fullText),
  }),
  mltable: object({
    mode: word('ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload'),
    uri: needed(fullText),
  }),
  triton_model: object({
    mode: word('ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload'),
    uri: needed(fullText),
  }),
  uri_file: object({
    mode: word('ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload'),
    uri: needed(fullText),
  }),
  uri_folder: object({
    mode: word('ReadOnlyMount', 'ReadWriteMount', 'Download', 'Direct', 'EvalMount', 'EvalDownload'),
    uri: needed(fullText),
  }),
});
const commandJobLimits = object({ jobLimitsType: needed(word('Command', 'Sweep')), timeout: text });
const sparkJobEntry = choice('sparkJobEntryType', object({}), {
  SparkJobPythonEntry: object({ file: needed(fullText) }),
  SparkJobScalaEntry: object({ className: needed(fullText) }),
});
const sparkResourceConfiguration = object({ instanceType: text, runtimeVersion: text });
const sweepJobLimits = object({
  jobLimitsType: needed(word('Command', 'Sweep')),
  maxConcurrentTrials: number,
  maxTotalTrials: number,
  timeout: text,
  trialTimeout: text,
});
const objective = object({ goal: needed(word('Minimize', 'Maximize')), primaryMetric: needed(fullText) });
const samplingAlgorithm = choice('samplingAlgorithmType', object({}), {
  Bayesian: object({}),
  Grid: object({}),
  Random: object({ rule: word('Random', 'Sobol'), seed: number }),
});
const trialComponent = object({
  codeId: text,
  command: needed(fullText),
  distribution: distributionConfiguration,
  environmentId: needed(fullText),
  environmentVariables: texts,
  resources: jobResourceConfiguration,
});
/** The `properties` of a job, as schedules hold them too. */
export const jobBaseProperties = choice(
  'jobType',
  object({
    componentId: text,
    computeId: text,
    description: text,
    displayName: text,
    experimentName: text,
    identity: identityConfiguration,
    isArchived: flag,
    notificationSetting: notificationSetting,
    properties: texts,
    services: map(jobService),
    tags: texts,
  }),
  {
    AutoML: object({
      environmentId: text,
      environmentVariables: texts,
      outputs: map(jobOutput),
      queueSettings: queueSettings,
      resources: jobResourceConfiguration,
      taskDetails: needed(autoMLVertical),
    }),
    Command: object({
      codeId: text,
      command: needed(fullText),
      distribution: distributionConfiguration,
      environmentId: needed(fullText),
      environmentVariables: texts,
      inputs: map(jobInput),
      limits: commandJobLimits,
      outputs: map(jobOutput),
      queueSettings: queueSettings,
      resources: jobResourceConfiguration,
    }),
    Pipeline: object({
      inputs: map(jobInput),
      jobs: map(anything),
      outputs: map(jobOutput),
      sourceJobId: text,
    }),
    Spark: object({
      archives: list(text),
      args: text,
      codeId: needed(text),
      conf: texts,
      entry: needed(sparkJobEntry),
      environmentId: text,
      environmentVariables: texts,
      files: list(text),
      inputs: map(jobInput),
      jars: list(text),
      outputs: map(jobOutput),
      pyFiles: list(text),
      queueSettings: queueSettings,
      resources: sparkResourceConfiguration,
    }),
    Sweep: object({
      earlyTermination: earlyTerminationPolicy,
      inputs: map(jobInput),
      limits: sweepJobLimits,
      objective: needed(objective),
      outputs: map(jobOutput),
      queueSettings: queueSettings,
      samplingAlgorithm: needed(samplingAlgorithm),
      searchSpace: needed(anything),
      trial: needed(trialComponent),
    }),
    Distillation: anything,
    FineTuning: anything,
  },
);

/** What a PUT of a job may hold. */
export const jobsBody = object({ properties: needed(jobBaseProperties) });
