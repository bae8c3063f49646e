import { isObject, type Json } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import { windowOf } from './windows.ts';

/** Signals that are measured by the workspace's own component. */
const MEASURED = ['DataDrift', 'PredictionDrift', 'DataQuality', 'FeatureAttributionDrift'];

export type SignalKind = 'measured' | 'custom';

/** How a signal is run; what cannot be run on this machine is refused by its name. */
export function signalKind(name: string, signal: Json): SignalKind {
  const type = signal['signalType'];
  if (type === 'Custom') return 'custom';
  if (typeof type === 'string' && MEASURED.includes(type)) return 'measured';
  throw userError(
    `The monitor's signal '${name}' is of the type ${String(type)}, which the embedded workspace accepts but does not run. ` +
      `It runs ${[...MEASURED, 'Custom'].join(', ')}.`,
  );
}

/** The data of a signal, with the special columns. */
export function productionOf(signal: Json): Json[] {
  const data = signal['productionData'];
  return (Array.isArray(data) ? data : [data]).filter(isObject);
}

export function referenceOf(signal: Json): Json {
  return isObject(signal['referenceData']) ? signal['referenceData'] : {};
}

const TARGETS = ['target_column', 'target'];
const CORRELATIONS = ['correlation_id', 'correlation_column'];
const PREDICTIONS = ['prediction_column', 'prediction', ...TARGETS];

/** What the component that measures is told of a signal. */
export function settingsOf(name: string, signal: Json, dueAt: Date): Json {
  const [production, reference] = [productionOf(signal), referenceOf(signal)];
  const columns = [...production, reference].map(columnsOf);
  const importance = isObject(signal['featureImportanceSettings']) ? signal['featureImportanceSettings'] : {};
  return {
    name,
    signalType: signal['signalType'],
    features: signal['features'],
    override: signal['featureDataTypeOverride'],
    limits: limitsOf(signal),
    columns: columns.flatMap((map) => Object.values(map)),
    target: importance['targetColumn'] ?? named(columnsOf(reference), TARGETS)[0],
    predictions: columns.flatMap((map) => named(map, PREDICTIONS)),
    correlation: columns.flatMap((map) => named(map, CORRELATIONS))[0],
    production: production.map((data) => partOf(data, dueAt)),
    reference: partOf(reference, dueAt),
  };
}

/** Data that a component has prepared for the window is taken whole. */
function partOf(data: Json, dueAt: Date): Json {
  return data['preprocessingComponentId'] ? {} : { window: windowOf(data, dueAt) };
}

function columnsOf({ columns }: Json): Json {
  return isObject(columns) ? columns : {};
}

function named(columns: Json, names: readonly string[]): unknown[] {
  const entries = Object.entries(columns).filter(([key]) => names.includes(key.toLowerCase()));
  return entries.map(([, column]) => column);
}

/** Limits of a signal, each for a kind of feature; an attribution has a single one. Clients write the service's words with a small letter, too. */
function limitsOf({ metricThresholds, metricThreshold, signalType }: Json): Json[] {
  const all = Array.isArray(metricThresholds) ? metricThresholds : [metricThreshold];
  return all.filter(isObject).map(({ dataType, metric, threshold }) => ({
    dataType: capitalized(dataType),
    metric: signalType === 'Custom' ? metric : capitalized(metric),
    value: isObject(threshold) ? threshold['value'] : undefined,
  }));
}

function capitalized(word: unknown): unknown {
  return typeof word === 'string' ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
