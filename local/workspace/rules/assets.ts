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
  someObject,
  text,
  texts,
  word,
} from './shape.ts';

/** Texts by the published schemas; MLflow's client sends numbers as well, and the service takes them. */
const ownProperties = map(anything);

const codeContainerProperties = object({
  description: text,
  isArchived: flag,
  properties: texts,
  tags: texts,
});
const codeVersionProperties = object({
  codeUri: text,
  description: text,
  isAnonymous: flag,
  isArchived: flag,
  properties: ownProperties,
  tags: texts,
});
const componentContainerProperties = object({
  description: text,
  isArchived: flag,
  properties: texts,
  tags: texts,
});
const componentVersionProperties = object({
  description: text,
  isAnonymous: flag,
  isArchived: flag,
  properties: ownProperties,
  tags: texts,
});
const dataContainerProperties = object({
  dataType: needed(word('uri_file', 'uri_folder', 'mltable')),
  description: text,
  isArchived: flag,
  properties: texts,
  tags: texts,
});
const dataVersionBaseProperties = choice(
  'dataType',
  object({
    dataUri: needed(fullText),
    description: text,
    isAnonymous: flag,
    isArchived: flag,
    properties: ownProperties,
    tags: texts,
  }),
  { mltable: object({ referencedUris: list(text) }), uri_file: object({}), uri_folder: object({}) },
);
const environmentContainerProperties = object({
  description: text,
  isArchived: flag,
  properties: texts,
  tags: texts,
});
const buildContext = object({ contextUri: needed(fullText), dockerfilePath: text });
const route = object({ path: needed(fullText), port: needed(number) });
const inferenceContainerProperties = object({
  livenessRoute: route,
  readinessRoute: route,
  scoringRoute: route,
  startupRoute: route,
});
const environmentVersionProperties = object({
  autoRebuild: word('Disabled', 'OnBaseImageUpdate'),
  build: buildContext,
  condaFile: text,
  description: text,
  image: text,
  inferenceConfig: inferenceContainerProperties,
  isAnonymous: flag,
  isArchived: flag,
  osType: word('Linux', 'Windows'),
  properties: ownProperties,
  stage: text,
  tags: texts,
});
const modelContainerProperties = object({
  description: text,
  isArchived: flag,
  properties: texts,
  tags: texts,
});
const datasetReference = object({ id: text, name: text });
/** Data of a flavor are texts by the published schema, and an object of texts by the published types: both are taken. */
const flavorData = someObject;
const modelVersionProperties = object({
  datasets: list(datasetReference),
  description: text,
  flavors: map(flavorData),
  isAnonymous: flag,
  isArchived: flag,
  jobName: text,
  modelType: text,
  modelUri: text,
  properties: ownProperties,
  stage: text,
  tags: texts,
});

/** What a PUT of a code container may hold. */
export const codesBody = object({ properties: needed(codeContainerProperties) });

/** What a PUT of a code version may hold. */
export const codesVersionsBody = object({ properties: needed(codeVersionProperties) });

/** What a PUT of a component container may hold. */
export const componentsBody = object({ properties: needed(componentContainerProperties) });

/** What a PUT of a component version may hold. */
export const componentsVersionsBody = object({ properties: needed(componentVersionProperties) });

/** What a PUT of a data container may hold. */
export const dataBody = object({ properties: needed(dataContainerProperties) });

/** What a PUT of a data version may hold. */
export const dataVersionsBody = object({ properties: needed(dataVersionBaseProperties) });

/** What a PUT of an environment container may hold. */
export const environmentsBody = object({ properties: needed(environmentContainerProperties) });

/** What a PUT of an environment version may hold. */
export const environmentsVersionsBody = object({ properties: needed(environmentVersionProperties) });

/** What a PUT of a model container may hold. */
export const modelsBody = object({ properties: needed(modelContainerProperties) });

/** What a PUT of a model version may hold. */
export const modelsVersionsBody = object({ properties: needed(modelVersionProperties) });
