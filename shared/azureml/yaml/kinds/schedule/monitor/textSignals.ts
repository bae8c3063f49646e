import type { DraftMap } from '../../../compilation.ts';
import { draft } from '../../../draft.ts';
import { number, text } from '../../../fields/basic.ts';
import { listOf, mapOf, members, record } from '../../../fields/collections.ts';
import { mapped, required, type Field } from '../../../fields/field.ts';
import { collected, monitorInput, trailing, type MonitorData } from './data.ts';
import { commonOf, requireData, signalShape, type SignalContext, type SignalReader } from './dataSignals.ts';
import { safetyThresholds, tokenThresholds, USUAL_TOKENS } from './thresholds.ts';
import type { Windows } from './windows.ts';

const window = record({
  window_start: text,
  window_end: text,
  lookback_window_size: text,
  lookback_window_offset: text,
});

/** Questions and answers. */
const textData: Field<MonitorData> = mapped(
  record({ input_data: required(monitorInput), data_column_names: mapOf(text), data_window: window }),
  (read) => ({ ...read, data_context: undefined, pre_processing_component: undefined }),
);

function lately(data: MonitorData, { production: usual }: Windows): DraftMap {
  const size = data.data_window ? data.data_window.lookback_window_size : usual;
  return trailing(data, size, data.data_window?.lookback_window_offset);
}

/** Whether what a language model says is grounded, fitting and well put. */
export const safetyQuality: SignalReader = (node, scope, { windows }) => {
  const read = members(node, scope, {
    ...signalShape,
    production_data: required(listOf(textData)),
    connection_id: text,
    metric_thresholds: required(safetyThresholds),
    sampling_rate: number,
  });
  if (!read) return undefined;
  return draft({
    signalType: 'GenerationSafetyQuality',
    ...commonOf(read),
    productionData: read.production_data?.map((data) => lately(data, windows)),
    workspaceConnectionId: read.connection_id,
    metricThresholds: read.metric_thresholds,
    samplingRate: read.sampling_rate,
  });
};

const USUAL_RATE = 0.1;

/** How many tokens a language model uses. */
export const tokenStatistics: SignalReader = (node, scope, context) => {
  const own = { production_data: textData, metric_thresholds: tokenThresholds, sampling_rate: number };
  const read = members(node, scope, { ...signalShape, ...own });
  if (!read) return undefined;
  requireData(node, scope, context, ['production_data']);
  return draft({
    signalType: 'GenerationTokenStatistics',
    ...commonOf(read),
    productionData: read.production_data ? lately(read.production_data, context.windows) : traces(context),
    metricThresholds: read.metric_thresholds ?? USUAL_TOKENS,
    samplingRate: read.sampling_rate || USUAL_RATE,
  });
};

function traces({ deployment }: SignalContext): DraftMap | undefined {
  return deployment && trailing(collected(deployment, 'app_traces'), 'P7D');
}

/** What is watched of a deployment that answers questions. */
export function usualTextSignals(context: SignalContext): DraftMap {
  return {
    'token-usage-signal': draft({
      signalType: 'GenerationTokenStatistics',
      mode: 'Disabled',
      productionData: traces(context),
      metricThresholds: USUAL_TOKENS,
      samplingRate: USUAL_RATE,
    }),
  };
}
