import type { TaskDefinition, TaskInput } from './definition.ts';

/** The published id of the service's task for a request of one's own: in jobs without an agent, gates and checks. */
export const INVOKE_REST_API = '9c3e8943-130d-4c78-ac63-8af81df62dfb';

const CALLBACK_HEADERS = {
  'Content-Type': 'application/json',
  PlanUrl: '$(system.CollectionUri)',
  ProjectId: '$(system.TeamProjectId)',
  HubName: '$(system.HostType)',
  PlanId: '$(system.PlanId)',
  JobId: '$(system.JobId)',
  TimelineId: '$(system.TimelineId)',
  TaskInstanceId: '$(system.TaskInstanceId)',
  AuthToken: '$(system.AccessToken)',
};

/** Tasks that belong to the service and need no folder: those that run here by the same rules. */
export const SERVICE_TASKS: readonly TaskDefinition[] = [
  {
    folder: '',
    id: INVOKE_REST_API,
    name: 'InvokeRESTAPI',
    friendlyName: 'Invoke REST API',
    version: { major: 1, minor: 0, patch: 0 },
    inputs: [
      input('connectedServiceNameSelector', ['connectionType'], 'connectedServiceName'),
      input('connectedServiceName', ['serviceConnection', 'genericService'], '', 'connectedService:Generic'),
      input(
        'connectedServiceNameARM',
        ['azureServiceConnection', 'azureSubscription'],
        '',
        'connectedService:AzureRM',
      ),
      input('method', [], 'POST'),
      input('headers', [], JSON.stringify(CALLBACK_HEADERS)),
      input('body', [], ''),
      input('urlSuffix', [], ''),
      input('waitForCompletion', [], 'false'),
      input('successCriteria', [], ''),
    ],
    prejob: new Map(),
    execution: new Map([['HttpRequest', { target: '', workingDirectory: undefined }]]),
    postjob: new Map(),
    instanceNameFormat: 'Invoke REST API: $(method)',
    outputVariables: [],
    restrictions: { mode: 'any', settableVariables: undefined },
    deprecation: undefined,
  },
];

function input(name: string, aliases: readonly string[], defaultValue: string, type = 'string'): TaskInput {
  return { name, aliases, type, defaultValue, required: false, visibleRule: undefined };
}
