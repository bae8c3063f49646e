import type { WorkspaceContext, WorkspaceIdentity } from '../../context.ts';
import type { RunDocument } from '../../engine/jobs/records/index.ts';

const TRAITS: Readonly<Record<string, readonly string[]>> = {
  'azureml.scriptrun': ['azureml.scriptrun'],
  'azureml.PipelineRun': ['azureml.PipelineRun'],
  hyperdrive: ['azureml.hyperdrive'],
};

/** A run as run history shows it. */
export function showRun(context: WorkspaceContext, run: RunDocument): object {
  return {
    ...statusOf(context, run),
    runUuid: run.runId,
    parentRunUuid: run.parentRunId ?? null,
    rootRunUuid: run.rootRunId,
    parentRunId: run.parentRunId ?? null,
    dataContainerId: `dcid.${run.runId}`,
    description: run.description ?? null,
    displayName: run.displayName,
    name: run.displayName,
    hidden: false,
    runType: run.runType ?? null,
    parameters: run.params,
    tags: run.tags,
    inputs: run.inputs,
    outputs: run.outputs,
    createdUtc: run.createdUtc,
    lastModifiedUtc: run.lastModifiedUtc,
    duration: durationOf(run),
  };
}

/** What a run and its details have in common. */
export function statusOf({ identity }: WorkspaceContext, run: RunDocument): object {
  return {
    runId: run.runId,
    runNumber: run.number,
    rootRunId: run.rootRunId,
    experimentId: run.experimentId,
    experimentName: run.experimentName,
    status: run.status,
    startTimeUtc: run.startTimeUtc ?? null,
    endTimeUtc: run.endTimeUtc ?? null,
    createdBy: {
      userObjectId: run.createdBy.objectId,
      userTenantId: identity.tenantId,
      userName: run.createdBy.name,
    },
    userId: run.createdBy.objectId,
    target: run.target ?? null,
    runTypeV2: {
      orchestrator: run.runType === 'azureml.PipelineRun' ? 'Aether' : 'Execution',
      traits: run.runType === undefined ? ['mlflow'] : (TRAITS[run.runType] ?? [run.runType]),
      attribution: null,
      computeType: run.ofJob ? 'AmlCompute' : null,
    },
    properties: run.properties,
    warnings: run.warnings.map((message) => ({ source: 'Environment', message })),
    error: run.error ? showError(identity, run) : null,
    inputDatasets: [],
    outputDatasets: [],
    services: {},
    runDefinition: null,
  };
}

function showError(identity: WorkspaceIdentity, { error, endTimeUtc }: RunDocument): object {
  return {
    error: {
      code: error?.code,
      severity: null,
      message: error?.message,
      messageFormat: null,
      messageParameters: {},
      referenceCode: null,
      detailsUri: null,
      target: null,
      details: [],
      innerError: null,
      debugInfo: null,
      additionalInfo: null,
    },
    correlation: null,
    environment: identity.location,
    location: identity.location,
    time: endTimeUtc ?? null,
    componentName: 'CommonRuntime',
  };
}

/** As .NET writes a time span: `hh:mm:ss.fffffff`. */
function durationOf({ startTimeUtc, endTimeUtc }: RunDocument): string | null {
  if (startTimeUtc === undefined || endTimeUtc === undefined) return null;
  const milliseconds = Date.parse(endTimeUtc) - Date.parse(startTimeUtc);
  const [hours, rest] = [Math.floor(milliseconds / 3_600_000), milliseconds % 3_600_000];
  const [minutes, seconds] = [Math.floor(rest / 60_000), (rest % 60_000) / 1000];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:${seconds.toFixed(7).padStart(10, '0')}`;
}
