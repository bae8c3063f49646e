import type { MonitorOfJob } from '../../../engine/jobs/records/index.ts';
import { isObject, type Json } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import { MOST_PARTS } from './parts.ts';
import { productionOf, referenceOf, settingsOf, signalKind } from './signal.ts';
import { windowOf } from './windows.ts';

const RESULT = { job_output_type: 'uri_folder' };

/** What a run of a monitor is made from. */
export interface Monitoring {
  /** The schedule's name. */
  readonly monitor: string;
  readonly dueAt: Date;
  /** ARM id of the component that measures. */
  readonly component: string;
  /** Whether a component is a command, a pipeline or another thing, by its id. */
  readonly typeOf: (component: unknown) => string;
}

/** The pipeline of one run, and which of its steps speaks for which signal. */
export interface MonitorPlan {
  readonly jobs: Json;
  readonly outputs: Json;
  readonly monitor: MonitorOfJob;
}

/** One step for each signal, and before it what prepares its data or measures in its own way. */
export function planMonitor(definition: Json, monitoring: Monitoring): MonitorPlan {
  const signals = isObject(definition['signals']) ? Object.entries(definition['signals']) : [];
  const steps = signals.map(([name, signal], index) => {
    const parts = { step: stepName(name, index), name, signal: isObject(signal) ? signal : {} };
    return { ...parts, jobs: stepsOf(parts, monitoring) };
  });
  return {
    jobs: Object.assign({}, ...steps.map(({ jobs }) => jobs)) as Json,
    outputs: Object.fromEntries(steps.map(({ step }) => [step, { jobOutputType: 'uri_folder' }])),
    monitor: {
      signals: Object.fromEntries(
        steps.map(({ step, name }) => [step, { name: `${monitoring.monitor}_${name}`, output: step }]),
      ),
      emails: emailsIn(definition),
    },
  };
}

interface SignalParts {
  readonly step: string;
  readonly name: string;
  readonly signal: Json;
}

function stepsOf(parts: SignalParts, monitoring: Monitoring): Json {
  const { step, name, signal } = parts;
  const kind = signalKind(name, signal);
  const before = kind === 'custom' ? customSteps(parts, monitoring) : dataSteps(parts, monitoring);
  const settings = settingsOf(`${monitoring.monitor}_${name}`, signal, monitoring.dueAt);
  return {
    ...before.jobs,
    [step]: {
      type: 'command',
      display_name: name,
      componentId: monitoring.component,
      inputs: before.inputs,
      outputs: { result: { ...RESULT, value: `\${{parent.outputs.${step}}}`, type: 'literal' } },
      environment_variables: { AZUREML_MONITOR_SIGNAL: JSON.stringify(settings) },
    },
  };
}

/** Steps before the one of a signal, and what that one is given of them. */
interface Before {
  readonly jobs: Json;
  readonly inputs: Json;
}

function dataSteps({ step, name, signal }: SignalParts, monitoring: Monitoring): Before {
  const production = productionOf(signal);
  if (production.length > MOST_PARTS)
    throw userError(`The monitor's signal '${name}' has more than ${MOST_PARTS} sets of production data.`);
  const named = [
    ['reference', referenceOf(signal)] as const,
    ...production.map(
      (data, index) => [index === 0 ? 'production' : `production_${index + 1}`, data] as const,
    ),
  ];
  const all = named.map(([input, data]) => ({ input, ...given(`${step}_${input}`, data, monitoring) }));
  return {
    jobs: Object.assign({}, ...all.map(({ jobs }) => jobs)) as Json,
    inputs: Object.fromEntries(all.map(({ input, value }) => [input, value])),
  };
}

/** Data as it is, or as a component of the user's prepares it for the window. */
function given(
  step: string,
  data: Json,
  { dueAt, typeOf }: Monitoring,
): { readonly jobs: Json; readonly value: Json } {
  const { preprocessingComponentId, jobInputType, uri } = data;
  const value = { job_input_type: jobInputType, uri };
  if (!preprocessingComponentId) return { jobs: {}, value };
  const window = windowOf(data, dueAt);
  const inputs = {
    ...(window ? { data_window_start: window.start, data_window_end: window.end } : {}),
    input_data: value,
  };
  return {
    jobs: {
      [step]: { type: typeOf(preprocessingComponentId), componentId: preprocessingComponentId, inputs },
    },
    value: { job_input_type: 'literal', value: `\${{parent.jobs.${step}.outputs.preprocessed_input_data}}` },
  };
}

/** A component of the user's own measures; it finds each limit as `<metric>_threshold`. */
function customSteps({ step, signal }: SignalParts, monitoring: Monitoring): Before {
  const assets = entriesOf(signal['inputAssets']).map(([name, data]) => ({
    name,
    ...given(`${step}_${name}`, data, monitoring),
  }));
  const inputs = entriesOf(signal['inputs']).map(([name, { jobInputType, ...rest }]) => [
    name,
    { job_input_type: jobInputType, ...rest },
  ]);
  const own = {
    type: monitoring.typeOf(signal['componentId']),
    componentId: signal['componentId'],
    inputs: {
      ...Object.fromEntries(inputs),
      ...Object.fromEntries(assets.map(({ name, value }) => [name, value])),
      ...thresholdInputs(signal['metricThresholds']),
    },
  };
  const measure = `${step}_measure`;
  const measures = {
    job_input_type: 'literal',
    value: `\${{parent.jobs.${measure}.outputs.signal_metrics}}`,
  };
  const jobs = Object.assign({}, ...assets.map((asset) => asset.jobs), { [measure]: own }) as Json;
  return { jobs, inputs: { measures } };
}

function thresholdInputs(thresholds: unknown): Json {
  const entries = (Array.isArray(thresholds) ? thresholds : []).filter(isObject).flatMap((one) => {
    const { metric, threshold } = one;
    const value = isObject(threshold) ? threshold['value'] : undefined;
    return value === undefined ? [] : [[`${String(metric)}_threshold`, String(value)]];
  });
  return Object.fromEntries(entries) as Json;
}

function entriesOf(map: unknown): [string, Json][] {
  return Object.entries(isObject(map) ? map : {}).filter((entry): entry is [string, Json] =>
    isObject(entry[1]),
  );
}

/** Names of steps have letters, digits and underscores only; the number keeps them apart. */
function stepName(signal: string, index: number): string {
  return `signal_${index + 1}_${signal.replaceAll(/\W/g, '_')}`;
}

/** The member's name differs between api-versions. */
function emailsIn({ alertNotificationSettings, alertNotificationSetting }: Json): string[] {
  const setting = [alertNotificationSettings, alertNotificationSetting].find(isObject) ?? {};
  const mail =
    [setting['emailNotificationSettings'], setting['emailNotificationSetting']].find(isObject) ?? {};
  const { emails } = mail;
  return Array.isArray(emails) ? emails.map(String) : [];
}
