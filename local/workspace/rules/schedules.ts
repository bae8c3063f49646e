import { jobBaseProperties } from './jobs.ts';
import { monitorDefinition } from './monitors.ts';
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
  type Shape,
} from './shape.ts';

const weekDay = word('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday');
const pattern = object({
  hours: needed(list(number)),
  minutes: needed(list(number)),
  monthDays: list(number),
  weekDays: list(weekDay),
});
const trigger = choice('triggerType', object({ startTime: text, endTime: text, timeZone: text }), {
  Cron: object({ expression: needed(fullText) }),
  Recurrence: object({
    frequency: needed(word('Minute', 'Hour', 'Day', 'Week', 'Month')),
    interval: needed(number),
    schedule: pattern,
  }),
});

/** Members of a data import, which previews alone know. */
const dataImport = object({
  assetName: text,
  dataType: word('uri_file', 'uri_folder', 'mltable'),
  dataUri: needed(fullText),
  description: text,
  isAnonymous: flag,
  isArchived: flag,
  properties: texts,
  source: choice('sourceType', object({ connection: text }), {
    database: object({ query: text, storedProcedure: text, tableName: text }),
    file_system: object({ path: text }),
  }),
  tags: texts,
});

function bodyWith(actions: Readonly<Record<string, Shape>>): Shape {
  return object({
    properties: needed(
      object({
        action: needed(choice('actionType', object({}), actions)),
        description: text,
        displayName: text,
        isEnabled: flag,
        properties: texts,
        tags: texts,
        trigger: needed(trigger),
      }),
    ),
  });
}

const actions = {
  CreateJob: object({ jobDefinition: needed(jobBaseProperties) }),
  InvokeBatchEndpoint: object({ endpointInvocationDefinition: needed(someObject) }),
};

/** What a PUT of a schedule may hold. */
export const schedulesBody = bodyWith({
  ...actions,
  CreateMonitor: object({ monitorDefinition: needed(monitorDefinition) }),
});

const limited = object({ metricThresholds: needed(list(someObject)) });
/** Signals in the words of the previews; only what they cannot do without is looked at. */
const previewSignal = choice('signalType', object({ mode: word('Enabled', 'Disabled'), properties: texts }), {
  DataDrift: limited,
  PredictionDrift: limited,
  DataQuality: limited,
  FeatureAttributionDrift: object({ metricThreshold: needed(someObject) }),
  ModelPerformance: object({ metricThreshold: needed(someObject) }),
  Custom: object({ componentId: needed(fullText), metricThresholds: needed(list(someObject)) }),
  GenerationSafetyQuality: limited,
  GenerationTokenStatistics: limited,
});

/** The same in the previews that azure-ai-ml speaks: other words in monitors, and imports of data. */
export const previewSchedulesBody = bodyWith({
  ...actions,
  CreateMonitor: object({
    monitorDefinition: needed(
      object({ computeConfiguration: needed(someObject), signals: needed(map(previewSignal)) }),
    ),
  }),
  ImportData: object({ dataImportDefinition: needed(dataImport) }),
});

/** What a call of `trigger` may hold. */
export const triggerBody = object({ scheduleTime: text, parameters: anything });
