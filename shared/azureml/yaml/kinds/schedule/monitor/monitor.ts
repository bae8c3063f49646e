import { MONITOR_VERSION } from '../../../apiVersions.ts';
import type { DraftMap } from '../../../compilation.ts';
import type { YamlMap, YamlNode } from '../../../document/node.ts';
import { draft } from '../../../draft.ts';
import { oneOf, text } from '../../../fields/basic.ts';
import { listOf, members, record } from '../../../fields/collections.ts';
import { mapped, required, type Field } from '../../../fields/field.ts';
import type { Scope } from '../../../fields/scope.ts';
import type { KindReader } from '../../family.ts';
import { SCHEDULE_IGNORED, scheduleOf, scheduleShape } from '../base.ts';
import { dataDrift, dataQuality, predictionDrift, usualSignals, type SignalContext } from './dataSignals.ts';
import { attributionDrift, customSignal, modelPerformance } from './modelSignals.ts';
import { monitoringTarget, type MonitoringTarget } from './target.ts';
import { safetyQuality, tokenStatistics, usualTextSignals } from './textSignals.ts';
import { windowsOf } from './windows.ts';

const compute: Field<DraftMap> = mapped(
  record({ runtime_version: required(oneOf(['3.4', '3.5'])), instance_type: required(text) }),
  (read) =>
    draft({
      computeType: 'ServerlessSpark',
      computeIdentity: { computeIdentityType: 'AmlToken' },
      runtimeVersion: read.runtime_version,
      instanceType: read.instance_type,
    }),
);

/** Who hears of an alert: some people by mail, or Azure Monitor. */
const alerts: Field<DraftMap> = {
  expected: 'a mapping with emails, or azmonitoring',
  read(node, scope) {
    if (node.kind !== 'map')
      return oneOf(['azmonitoring']).read(node, scope) && { alertNotificationType: 'AzureMonitor' };
    const read = members(node, scope, { emails: listOf(text) });
    const emailOn = ['JobFailed', 'JobCompleted'];
    return (
      read && {
        alertNotificationType: 'Email',
        emailNotificationSetting: draft({ emails: read.emails, emailOn }),
      }
    );
  },
};

const SIGNALS = {
  data_drift: dataDrift,
  data_quality: dataQuality,
  prediction_drift: predictionDrift,
  feature_attribution_drift: attributionDrift,
  custom: customSignal,
  generation_safety_quality: safetyQuality,
  model_performance: modelPerformance,
  generation_token_statistics: tokenStatistics,
} as const;
const signalType = required(oneOf(Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]));

const definitionShape = {
  compute: required(compute),
  monitoring_target: monitoringTarget,
  monitoring_signals: {
    expected: 'a mapping of signals by name',
    read: (node: YamlNode, scope: Scope) =>
      node.kind === 'map' ? node : scope.unexpected(node, 'a mapping of signals by name'),
  } satisfies Field<YamlMap>,
  alert_notification: alerts,
};
const definition = record(definitionShape);

/** A schedule that watches a deployed model. */
export const monitorSchedule: KindReader = (node, scope) => {
  const shape = { ...scheduleShape, create_monitor: required(definition) };
  const read = members(node, scope, shape, { ignored: SCHEDULE_IGNORED });
  if (!read) return undefined;
  const monitor = read.create_monitor;
  const target = monitor?.monitoring_target;
  const context = { windows: windowsOf(read.trigger), deployment: target?.deployment };
  const signals = monitor?.monitoring_signals;
  const inside = scope.member('create_monitor');
  const monitorDefinition = draft({
    computeConfiguration: monitor?.compute,
    monitoringTarget: target?.body,
    signals: signals
      ? signalsOf(signals, inside.member('monitoring_signals'), context)
      : usual(node, inside, { context, target }),
    alertNotificationSetting: monitor?.alert_notification,
  });
  const action = { actionType: 'CreateMonitor', monitorDefinition };
  return { ...scheduleOf(read, action), apiVersion: MONITOR_VERSION };
};

function signalsOf(node: YamlMap, scope: Scope, context: SignalContext): DraftMap {
  const read = [...node.entries].flatMap(([name, { value }]) => {
    const inside = scope.member(name);
    const type = members(value, inside, { type: signalType }, { open: true })?.type;
    const signal = type && SIGNALS[type](value, inside, context);
    return signal ? [[name, signal] as const] : [];
  });
  return Object.fromEntries(read);
}

interface Known {
  readonly context: SignalContext;
  readonly target: MonitoringTarget | undefined;
}

function usual(node: YamlMap, scope: Scope, { context, target }: Known): DraftMap | undefined {
  const at = node.entries.get('create_monitor')?.value.at ?? node.at;
  if (!context.deployment && node.entries.has('create_monitor'))
    return scope.refuse(
      at,
      `${scope.subject()} needs 'monitoring_signals', or an 'endpoint_deployment_id' whose collected data can be watched.`,
    );
  return target?.isQuestionAnswering ? usualTextSignals(context) : usualSignals(context);
}
