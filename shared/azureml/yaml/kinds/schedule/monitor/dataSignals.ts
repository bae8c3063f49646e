import type { Draft, DraftMap } from '../../../compilation.ts';
import type { YamlNode } from '../../../document/node.ts';
import { draft } from '../../../draft.ts';
import { boolean, everythingAsText, integer, oneOf, text } from '../../../fields/basic.ts';
import { listOf, mapOf, members, record } from '../../../fields/collections.ts';
import { required, type Field } from '../../../fields/field.ts';
import type { Scope } from '../../../fields/scope.ts';
import { collected, monitorData, production, productionData, reference, type MonitorData } from './data.ts';
import type { Deployment } from './target.ts';
import { driftThresholds, qualityThresholds, USUAL_DRIFT, USUAL_QUALITY } from './thresholds.ts';
import type { Windows } from './windows.ts';

/** What reading a signal needs to know of its monitor. */
export interface SignalContext {
  readonly windows: Windows;
  /** Whose collected data stands in for what a signal does not name. */
  readonly deployment: Deployment | undefined;
}
export type SignalReader = (node: YamlNode, scope: Scope, context: SignalContext) => DraftMap | undefined;

export const signalShape = {
  type: text,
  alert_enabled: boolean,
  properties: mapOf(everythingAsText),
};
const dataShape = { ...signalShape, production_data: productionData, reference_data: monitorData };

/** Whether alerts are sent, and free properties. */
export function commonOf(read: {
  readonly alert_enabled: boolean | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
}): Readonly<Record<string, Draft | undefined>> {
  return { mode: read.alert_enabled ? 'Enabled' : 'Disabled', properties: read.properties };
}

/** All features, the most telling ones, or some by name. */
const features: Field<DraftMap> = {
  expected: 'all_features, a list of names, or a mapping with top_n_feature_importance',
  read(node, scope) {
    if (node.kind === 'map') {
      const read = members(node, scope, { top_n_feature_importance: integer });
      return read && { filterType: 'TopNByAttribution', top: read.top_n_feature_importance ?? 10 };
    }
    if (node.kind === 'list') {
      const names = listOf(text).read(node, scope);
      return names && { filterType: 'FeatureSubset', features: names };
    }
    return oneOf(['all_features']).read(node, scope) && ALL_FEATURES;
  },
};
const ALL_FEATURES = { filterType: 'AllFeatures' } as const;
const featureShape = { features, feature_type_override: mapOf(everythingAsText) };

const segment = record({ feature_name: text, feature_values: listOf(text) });
export const dataSegment: Field<DraftMap> = {
  expected: 'a mapping with feature_name and feature_values',
  read(node, scope) {
    const read = segment.read(node, scope);
    return read && draft({ feature: read.feature_name, values: read.feature_values });
  },
};

interface Compared {
  readonly production_data: MonitorData | undefined;
  readonly reference_data: MonitorData | undefined;
}

/** Both sides of a comparison; what is not named is what the deployment collects. */
function comparedOf(
  read: Compared,
  { windows, deployment }: SignalContext,
  collection: 'model_inputs' | 'model_outputs',
): DraftMap {
  const own = deployment && collected(deployment, collection);
  const now = read.production_data ?? own;
  const usual = own && { ...own, data_window: USUAL_WINDOW };
  const before = read.reference_data ?? usual;
  return draft({
    productionData: now && production(now, windows),
    referenceData: before && reference(before, windows),
  });
}

const USUAL_WINDOW = {
  window_start: undefined,
  window_end: undefined,
  lookback_window_size: 'default',
  lookback_window_offset: 'default',
};

/** Without a deployment that collects data, a signal names its own. */
export function requireData(
  node: YamlNode,
  scope: Scope,
  { deployment }: SignalContext,
  keys: readonly string[],
) {
  if (deployment || node.kind !== 'map') return;
  for (const key of keys)
    if (!node.entries.has(key))
      scope.refuse(node.at, `${scope.subject()} needs '${key}', since the monitor names no deployment.`);
}

const BOTH = ['production_data', 'reference_data'];

export const dataDrift: SignalReader = (node, scope, context) => {
  const own = { metric_thresholds: driftThresholds, data_segment: dataSegment };
  const read = members(node, scope, { ...dataShape, ...featureShape, ...own });
  if (!read) return undefined;
  requireData(node, scope, context, BOTH);
  return draft({
    signalType: 'DataDrift',
    ...commonOf(read),
    ...comparedOf(read, context, 'model_inputs'),
    features: read.features,
    featureDataTypeOverride: read.feature_type_override,
    metricThresholds: read.metric_thresholds,
    dataSegment: read.data_segment,
  });
};

export const dataQuality: SignalReader = (node, scope, context) => {
  const read = members(node, scope, { ...dataShape, ...featureShape, metric_thresholds: qualityThresholds });
  if (!read) return undefined;
  requireData(node, scope, context, BOTH);
  return draft({
    signalType: 'DataQuality',
    ...commonOf(read),
    ...comparedOf(read, context, 'model_inputs'),
    features: read.features,
    featureDataTypeOverride: read.feature_type_override,
    metricThresholds: read.metric_thresholds,
  });
};

export const predictionDrift: SignalReader = (node, scope, context) => {
  const read = members(node, scope, { ...dataShape, metric_thresholds: required(driftThresholds) });
  if (!read) return undefined;
  requireData(node, scope, context, BOTH);
  return draft({
    signalType: 'PredictionDrift',
    modelType: 'Classification',
    ...commonOf(read),
    ...comparedOf(read, context, 'model_outputs'),
    metricThresholds: read.metric_thresholds,
  });
};

/** What is watched where a monitor names no signals. */
export function usualSignals(context: SignalContext): DraftMap {
  const nothing = { production_data: undefined, reference_data: undefined };
  const mode = 'Disabled';
  const inputs = comparedOf(nothing, context, 'model_inputs');
  const outputs = comparedOf(nothing, context, 'model_outputs');
  const all = { features: ALL_FEATURES, mode, ...inputs };
  return {
    'data-drift-signal': { signalType: 'DataDrift', metricThresholds: USUAL_DRIFT, ...all },
    'prediction-drift-signal': {
      signalType: 'PredictionDrift',
      modelType: 'Classification',
      metricThresholds: USUAL_DRIFT,
      mode,
      ...outputs,
    },
    'data-quality-signal': { signalType: 'DataQuality', metricThresholds: USUAL_QUALITY, ...all },
  };
}
