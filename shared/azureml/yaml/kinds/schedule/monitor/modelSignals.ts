import type { DraftMap } from '../../../compilation.ts';
import { draft, mapValues } from '../../../draft.ts';
import { boolean, text } from '../../../fields/basic.ts';
import { listOf, mapOf, members, record } from '../../../fields/collections.ts';
import { mapped, required, type Field } from '../../../fields/field.ts';
import { confidential, secret } from '../../../fields/secret.ts';
import {
  attributionData,
  collected,
  customData,
  monitorData,
  monitorInput,
  production,
  productionData,
  reference,
  trailing,
  type MonitorData,
} from './data.ts';
import { commonOf, dataSegment, requireData, signalShape, type SignalReader } from './dataSignals.ts';
import { attributionThreshold, customThreshold, performanceThresholds } from './thresholds.ts';
import type { Windows } from './windows.ts';

/** Whether what drives the predictions is still what drove them in training. */
export const attributionDrift: SignalReader = (node, scope, context) => {
  const read = members(node, scope, {
    type: text,
    alert_enabled: boolean,
    production_data: listOf(attributionData),
    reference_data: required(monitorData),
    metric_thresholds: required(attributionThreshold),
  });
  if (!read) return undefined;
  requireData(node, scope, context, ['production_data']);
  const { deployment, windows } = context;
  const usual = deployment && [collected(deployment, 'model_inputs'), collected(deployment, 'model_outputs')];
  const now = read.production_data?.length ? read.production_data : (usual ?? []);
  return draft({
    signalType: 'FeatureAttributionDrift',
    ...commonOf(read),
    productionData: now.map((data) => attributed(data, windows)),
    referenceData: read.reference_data && reference(read.reference_data, windows),
    metricThreshold: read.metric_thresholds,
  });
};

/** Only `default` and no window at all stand for the usual size. */
function attributed(data: MonitorData, { production: usual }: Windows): DraftMap {
  const size = data.data_window ? data.data_window.lookback_window_size : usual;
  return trailing(data, size === 'default' ? usual : size, data.data_window?.lookback_window_offset);
}

const PERFORMANCE = 'azureml.modelmonitor.model_performance_thresholds';

/** How well a classifier does, held against what turned out to be true. */
export const modelPerformance: SignalReader = (node, scope, { windows }) => {
  const read = members(node, scope, {
    ...signalShape,
    production_data: required(productionData),
    reference_data: required(monitorData),
    data_segment: dataSegment,
    metric_thresholds: required(performanceThresholds),
  });
  if (!read) return undefined;
  return draft({
    signalType: 'ModelPerformance',
    ...commonOf(read),
    productionData: read.production_data && [production(read.production_data, windows)],
    referenceData: read.reference_data && reference(read.reference_data, { reference: windows.reference }),
    // The service reads the property; this member must be there all the same.
    metricThreshold: { metric: 'Accuracy', modelType: 'Classification', threshold: { value: 0.9 } },
    dataSegment: read.data_segment,
    properties: { ...read.properties, [PERFORMANCE]: read.metric_thresholds ?? '' },
  });
};

const connection: Field<DraftMap> = mapped(
  record({ environment_variables: mapOf(text), secret_config: confidential(mapOf(secret)) }),
  (read) => draft({ environmentVariables: read.environment_variables, secrets: read.secret_config }),
);
const componentId = mapped(text, (id, node, scope) =>
  /^azureml:[^:@]+[:@].+$|^azureml:\/.+/.test(id)
    ? id.slice('azureml:'.length)
    : scope.refuse(node.at, `${scope.subject()} must be azureml:<name>:<version>, not '${id}'.`),
);

/** A component of one's own that measures something. */
export const customSignal: SignalReader = (node, scope) => {
  const read = members(node, scope, {
    type: text,
    alert_enabled: boolean,
    connection,
    component_id: required(componentId),
    metric_thresholds: required(listOf(customThreshold)),
    input_data: mapOf(customData),
    inputs: mapOf(monitorInput),
  });
  if (!read) return undefined;
  return draft({
    signalType: 'Custom',
    ...commonOf(read),
    componentId: read.component_id,
    metricThresholds: read.metric_thresholds,
    inputs: nonEmpty(mapValues(read.inputs ?? {}, ({ type, uri }) => draft({ jobInputType: type, uri }))),
    inputAssets: nonEmpty(mapValues(read.input_data ?? {}, (data) => reference(data, {}))),
    workspaceConnection: read.connection ?? {},
  });
};

function nonEmpty(map: DraftMap): DraftMap | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
