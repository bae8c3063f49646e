/** Release definitions as Azure DevOps exports them: with every member the editor writes. */

const BASH = '6c731c3c-3c68-459a-a5c9-bde6e6595b5b';
const DELAY = '28782b92-5e8e-4458-9751-a71cd1492bae';

type Json = Record<string, unknown>;

export function definition(environments: readonly Json[], more: Json = {}): Json {
  return {
    source: 'userInterface',
    revision: 4,
    description: null,
    isDeleted: false,
    variables: {},
    variableGroups: [],
    environments: environments.map((one, index) => ({ id: 40 + index, rank: index + 1, ...one })),
    artifacts: [],
    triggers: [],
    releaseNameFormat: 'Release-$(rev:r)',
    tags: [],
    properties: {},
    id: 7,
    name: 'diabetes',
    path: '\\',
    projectReference: null,
    ...more,
  };
}

const afterRelease: Json = { name: 'ReleaseStarted', conditionType: 'event', value: '' };

export function afterStage(name: string, value = '4'): Json {
  return { name, conditionType: 'environmentState', value };
}

export function stage(name: string, tasks: readonly Json[], more: Json = {}): Json {
  return {
    name,
    owner: { displayName: 'Chuck Reinhart', uniqueName: 'chuck@example.org', id: 'aeb95c63' },
    variables: {},
    variableGroups: [],
    preDeployApprovals: automatic(),
    deployStep: { id: 119 },
    postDeployApprovals: automatic(),
    deployPhases: [agentPhase(tasks)],
    environmentOptions: {
      emailNotificationType: 'OnlyOnFailure',
      skipArtifactsDownload: false,
      timeoutInMinutes: 0,
      enableAccessToken: false,
      publishDeploymentStatus: true,
    },
    demands: [],
    conditions: [afterRelease],
    executionPolicy: { concurrencyCount: 1, queueDepthCount: 0 },
    schedules: [],
    retentionPolicy: { daysToKeep: 30, releasesToKeep: 3, retainBuild: true },
    processParameters: {},
    properties: {},
    preDeploymentGates: { id: 0, gatesOptions: null, gates: [] },
    postDeploymentGates: { id: 0, gatesOptions: null, gates: [] },
    environmentTriggers: [],
    ...more,
  };
}

function automatic(): Json {
  return { approvals: [{ rank: 1, isAutomated: true, isNotificationOn: false, id: 120 }] };
}

export function approvedBy(names: readonly string[], options: Json = {}): Json {
  return {
    approvals: names.map((name, index) => ({
      rank: index + 1,
      isAutomated: false,
      isNotificationOn: false,
      approver: { displayName: name, uniqueName: `${name.toLowerCase()}@example.org`, id: name },
      id: 200 + index,
    })),
    approvalOptions: {
      requiredApproverCount: 0,
      releaseCreatorCanBeApprover: true,
      autoTriggeredAndPreviousEnvironmentApprovedCanBeSkipped: false,
      enforceIdentityRevalidation: false,
      timeoutInMinutes: 0,
      executionOrder: 'beforeGates',
      ...options,
    },
  };
}

/** Minutes. */
export function gates(tasks: readonly Json[], options: Json = {}): Json {
  return {
    id: 300,
    gatesOptions: {
      isEnabled: true,
      timeout: 4320,
      samplingInterval: 15,
      stabilizationTime: 5,
      minimumSuccessDuration: 0,
      ...options,
    },
    gates: tasks.map((one) => ({ tasks: [one] })),
  };
}

export function agentPhase(tasks: readonly Json[], more: Json = {}, rank = 1): Json {
  return {
    deploymentInput: {
      parallelExecution: { parallelExecutionType: 'none' },
      agentSpecification: null,
      skipArtifactsDownload: false,
      artifactsDownloadInput: { downloadInputs: [] },
      queueId: 15,
      demands: [],
      enableAccessToken: false,
      timeoutInMinutes: 0,
      jobCancelTimeoutInMinutes: 1,
      condition: 'succeeded()',
      overrideInputs: {},
      ...more,
    },
    rank,
    phaseType: 'agentBasedDeployment',
    name: 'Run on agent',
    refName: null,
    workflowTasks: tasks,
  };
}

export function serverPhase(tasks: readonly Json[], more: Json = {}, rank = 1): Json {
  return {
    deploymentInput: {
      parallelExecution: { parallelExecutionType: 'none' },
      timeoutInMinutes: 0,
      jobCancelTimeoutInMinutes: 1,
      condition: 'succeeded()',
      overrideInputs: {},
      ...more,
    },
    rank,
    phaseType: 'runOnServer',
    name: 'Run on server',
    refName: null,
    workflowTasks: tasks,
  };
}

export function task(taskId: string, name: string, inputs: Json = {}, more: Json = {}): Json {
  return {
    environment: {},
    taskId,
    version: '1.*',
    name,
    refName: '',
    enabled: true,
    alwaysRun: false,
    continueOnError: false,
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    definitionType: 'task',
    overrideInputs: {},
    condition: 'succeeded()',
    inputs,
    ...more,
  };
}

export function bash(script: string, more: Json = {}): Json {
  const inputs = {
    targetType: 'inline',
    filePath: '',
    arguments: '',
    script,
    workingDirectory: '',
    failOnStderr: 'false',
  };
  return task(BASH, 'Bash Script', inputs, { version: '3.*', ...more });
}

export function delay(minutes: string): Json {
  return task(DELAY, `Delay by ${minutes} minutes`, { delayForMinutes: minutes });
}

/** An artifact of the type an extension brings. */
export function artifact(alias: string, inputs: Json = {}, more: Json = {}): Json {
  return {
    sourceId: 'connection:model',
    type: 'TestModel',
    alias,
    definitionReference: {
      connection: { id: '7e1ac9b2-2f3c-4a53-9d05-0d5f4a1b6c11', name: 'azure prod' },
      definition: { id: 'diabetes-model', name: 'diabetes-model' },
      defaultVersionType: { id: 'selectDuringReleaseCreationType', name: 'Choose' },
      defaultVersionSpecific: { id: '', name: '' },
      ...inputs,
    },
    isPrimary: true,
    isRetained: false,
    ...more,
  };
}

export function intervention(instructions: string): Json {
  const inputs = { instructions, emailRecipients: '', onTimeout: 'reject' };
  return task('bcb64569-d51a-4af0-9c01-ea5d05b3b622', 'Manual intervention', inputs, { version: '8.*' });
}
