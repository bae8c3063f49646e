/**
 * Which members a task.json may have and what they hold: the facts of the public schema of tasks (tasks.schema.json of
 * microsoft/azure-pipelines-task-lib, commit a5e7ee0f29dbcfd3772a8882795777d60b0198bf), as a JSON Schema in our own words.
 */
const text = { type: 'string' };
const flag = { type: 'boolean' };
const count = { type: 'number' };
const anything = { type: 'object' };
const texts = { type: 'array', items: text };
const like = (pattern) => ({ type: 'string', pattern });
const oneOf = (...words) => ({ type: 'string', enum: words });
const listOf = (items) => ({ type: 'array', items });
const only = (properties, required = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

const capitalFlag = oneOf('True', 'False');
const wholeNumber = like('^\\d+$');
const variableName = like('^[A-Za-z][A-Za-z0-9]*$');

const input = only(
  {
    name: variableName,
    aliases: texts,
    label: text,
    type: like(
      '^(boolean|filePath|multiLine|pickList|radio|secureFile|string|int|identities|querycontrol|connectedService:.+)$',
    ),
    defaultValue: { type: ['string', 'boolean'] },
    required: flag,
    helpMarkDown: text,
    groupName: text,
    visibleRule: text,
    // Other properties may stand beside these.
    properties: {
      type: 'object',
      properties: {
        EditableOptions: capitalFlag,
        MultiSelect: capitalFlag,
        MultiSelectFlatList: capitalFlag,
        DisableManageLink: capitalFlag,
        IsSearchable: capitalFlag,
        PopulateDefaultValue: capitalFlag,
        isVariableOrNonNegativeNumber: oneOf('true', 'false'),
        resizable: flag,
        rows: wholeNumber,
        maxLength: wholeNumber,
        editorExtension: text,
        EndpointFilterRule: text,
      },
    },
    options: anything,
  },
  ['name', 'label', 'type'],
);

const dataSourceBinding = only({
  target: text,
  endpointId: text,
  dataSourceName: text,
  parameters: anything,
  resultTemplate: text,
  endpointUrl: text,
  resultSelector: text,
  RequestVerb: oneOf('GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PUT', 'TRACE', 'PATCH'),
  requestContent: text,
  callbackContextTemplate: text,
  callbackRequiredTemplate: text,
  initialContextTemplate: text,
});

/** Further members may stand beside these. */
const handler = {
  type: 'object',
  required: ['target'],
  properties: {
    target: text,
    platforms: listOf(oneOf('windows')),
    argumentFormat: text,
    workingDirectory: text,
  },
};
const agentHandlers = only(
  Object.fromEntries(
    ['Node24', 'Node20_1', 'Node16', 'Node10', 'Node', 'PowerShell3', 'PowerShell'].map((name) => [
      name,
      handler,
    ]),
  ),
);

/**
 * The public schema knows the handlers of agents only, though the service takes those of server tasks, as every shipped
 * server task has one. They have no file to run (`target`), so they stand instead of the others and are free inside.
 */
const serverHandlers = only({ HttpRequest: anything, HttpRequestChain: anything });

const common = {
  $schema: text,
  id: like('^[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$'),
  name: like('^[A-Za-z0-9-]+$'),
  friendlyName: text,
  description: text,
  helpUrl: text,
  helpMarkDown: text,
  author: text,
  preview: flag,
  deprecated: flag,
  removalDate: like('^\\d{4}-\\d{2}-\\d{2}$'),
  deprecationMessage: text,
  showEnvironmentVariables: flag,
  runsOn: listOf(oneOf('Agent', 'MachineGroup', 'Server', 'ServerGate', 'DeploymentGroup')),
  visibility: listOf(oneOf('Build', 'Release')),
  category: oneOf(
    ...['Build', 'Utility', 'Test', 'Package', 'Deploy'],
    ...['Repos', 'Boards', 'Pipelines', 'Test Plans', 'Artifacts'].map((name) => `Azure ${name}`),
  ),
  groups: listOf(
    only({ name: text, displayName: text, isExpanded: flag, visibleRule: text }, ['name', 'displayName']),
  ),
  demands: texts,
  minimumAgentVersion: like('^\\d+\\.\\d+(\\.\\d+)?$'),
  version: only({ Major: count, Minor: count, Patch: count }, ['Major', 'Minor', 'Patch']),
  instanceNameFormat: text,
  releaseNotes: text,
  inputs: listOf(input),
  dataSourceBindings: listOf(dataSourceBinding),
  sourceDefinitions: listOf(
    only({ target: text, endpoint: text, selector: text, keySelector: text, authKey: text }),
  ),
  prejobexecution: agentHandlers,
  postjobexecution: agentHandlers,
  messages: anything,
  outputVariables: listOf(only({ name: variableName, description: text }, ['name'])),
  restrictions: only({
    commands: only({ mode: oneOf('any', 'restricted') }),
    settableVariables: only({ allowed: texts }),
  }),
};

export const agentTask = only({ ...common, execution: agentHandlers });
export const serverTask = only({ ...common, execution: serverHandlers });
