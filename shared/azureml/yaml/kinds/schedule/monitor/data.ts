import { Reference, type Draft, type DraftMap } from '../../../compilation.ts';
import { draft } from '../../../draft.ts';
import { oneOf, text } from '../../../fields/basic.ts';
import { mapOf, record } from '../../../fields/collections.ts';
import { mapped, required, type Field } from '../../../fields/field.ts';
import { versioned } from '../../../references/ids.ts';
import { jobInput } from '../../job/inputs.ts';
import type { Deployment } from './target.ts';
import type { Windows } from './windows.ts';

const TYPES = ['uri_file', 'uri_folder', 'mltable'];

/** Data a signal looks at: its type and where it is. */
export interface MonitorInput {
  readonly type: Draft;
  readonly uri: Draft | undefined;
}

export const monitorInput: Field<MonitorInput> = mapped(jobInput, (read, node, scope) => {
  if (read.kind === 'asset' && TYPES.includes(read.type)) return { type: read.type, uri: read.uri };
  return scope.refuse(
    node.at,
    `${scope.subject()} must be data: a mapping with path and type ${TYPES.join(', ')}.`,
  );
});

/** Data as a custom signal passes it on: the words of the file. */
const plainInput: Field<MonitorInput> = {
  ...monitorInput,
  read(node, scope) {
    const read = monitorInput.read(node, scope);
    const path = node.kind === 'map' ? node.entries.get('path')?.value : undefined;
    const isNamed = read?.uri instanceof Reference && read.uri.target.kind !== 'local';
    return isNamed && path?.kind === 'scalar' ? { ...read, uri: path.text.replace(/^azureml:/, '') } : read;
  },
};

const window = record({
  window_start: text,
  window_end: text,
  lookback_window_size: text,
  lookback_window_offset: text,
});
const CONTEXTS = ['model_inputs', 'model_outputs', 'training', 'test', 'validation', 'ground_truth'] as const;
const component: Field<Draft> = mapped(text, (id, node, scope) => versioned(id, 'components', node, scope));

const shape = {
  input_data: required(monitorInput),
  data_context: oneOf(CONTEXTS),
  pre_processing_component: component,
  data_window: window,
  data_column_names: mapOf(text),
};
export type MonitorData = NonNullable<ReturnType<(typeof monitorData)['read']>>;
export const monitorData = record(shape);
export const customData = record({ ...shape, input_data: required(plainInput) });

const FEATURE_COLUMNS = ['prediction', 'prediction_probability', 'correlation_id'];
/** The same for feature attribution, which knows three columns. */
export const attributionData = mapped(monitorData, (read, node, scope) => {
  for (const name of Object.keys(read.data_column_names ?? {}))
    if (!FEATURE_COLUMNS.includes(name.toLowerCase()))
      scope.refuse(node.at, `There is no column '${name}'; there are ${FEATURE_COLUMNS.join(', ')}.`);
  return read;
});

/** Production data: what came in lately. */
export const productionData = mapped(monitorData, (read, node, scope) => {
  const given = read.data_window;
  if (given?.window_start || given?.window_end)
    scope.refuse(
      node.at,
      'Production data has a window that moves: lookback_window_size and lookback_window_offset.',
    );
  return read;
});

function common(data: MonitorData): Readonly<Record<string, Draft | undefined>> {
  return {
    dataContext: data.data_context,
    columns: data.data_column_names,
    jobInputType: data.input_data?.type,
    uri: data.input_data?.uri,
  };
}

/** The last days before a run. */
export function trailing(data: MonitorData, size: string | undefined, offset?: string): DraftMap {
  return draft({
    inputDataType: 'Trailing',
    ...common(data),
    preprocessingComponentId: data.pre_processing_component,
    windowSize: size,
    windowOffset: offset ?? 'P0D',
  });
}

export function production(data: MonitorData, { production: usual }: Windows): DraftMap {
  const given = data.data_window?.lookback_window_size;
  const size = given === undefined || given === 'default' ? usual : given;
  return trailing(data, size, data.data_window?.lookback_window_offset);
}

/** What production is held against: a window that moves, one that stays, or all of it. */
export function reference(data: MonitorData, windows: Partial<Windows>): DraftMap {
  const size = data.data_window?.lookback_window_size;
  const offset = data.data_window?.lookback_window_offset;
  if (size !== undefined) {
    const back = offset === 'default' ? windows.production : offset;
    return trailing(data, size === 'default' ? windows.reference : size, back);
  }
  const start = data.data_window?.window_start;
  const end = data.data_window?.window_end;
  if (start === undefined || end === undefined) return draft({ inputDataType: 'Fixed', ...common(data) });
  return draft({
    inputDataType: 'Static',
    ...common(data),
    preprocessingComponentId: data.pre_processing_component,
    windowStart: `${start}T00:00:00.000Z`,
    windowEnd: `${end}T00:00:00.000Z`,
  });
}

export type Collection = 'model_inputs' | 'model_outputs' | 'app_traces';

/** What the deployment itself collects. */
export function collected(deployment: Deployment, collection: Collection): MonitorData {
  const { endpoint, deployment: name, place } = deployment;
  const target = { kind: 'collected', endpoint, deployment: name, collection } as const;
  return {
    input_data: {
      type: new Reference({ ...target, member: 'type' }, place),
      uri: new Reference({ ...target, member: 'id' }, place),
    },
    data_context: collection === 'app_traces' ? undefined : collection,
    pre_processing_component: undefined,
    data_window: undefined,
    data_column_names: undefined,
  };
}
