import {
  agentEnvironment,
  taskEnvironment as environmentOfAgent,
} from '../../local/runner/agent/environment.ts';
import type { WorkspaceAddress } from '../../local/workspace/address.ts';

/** What a task needs to know to reach a workspace. */
export type Reach = Pick<
  WorkspaceAddress,
  'apiUrl' | 'tenantId' | 'clientId' | 'clientSecret' | 'subscriptionId' | 'resourceGroup' | 'workspaceName'
>;

export interface TaskSetting {
  readonly folder: string;
  readonly reach: Reach;
  readonly inputs: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

export const CONNECTION = '5b8f2c1e-0d8a-4c57-9a36-2f6f7f0f5e11';
const SYSTEM = 'SYSTEMVSSCONNECTION';

/** The environment an agent gives a task that signs in with a secret. */
export function taskEnvironment({ folder, reach, inputs, variables }: TaskSetting): Record<string, string> {
  const all = {
    'Agent.TempDirectory': folder,
    'Agent.WorkFolder': folder,
    'System.DefaultWorkingDirectory': folder,
    'System.CollectionUri': 'https://dev.azure.com/example/',
    'System.TeamProject': 'models',
    'System.HostType': 'build',
    'Build.BuildId': '12',
    'Build.BuildNumber': '20260301.1',
    'Build.DefinitionName': 'diabetes',
    ...variables,
  };
  return environmentOfAgent({
    agent: agentEnvironment(process.env),
    step: new Map(),
    variables: Object.entries(all).map(([name, value]) => ({
      name,
      value,
      isSecret: false,
      isReadOnly: false,
      preserveCase: false,
    })),
    prependedPaths: [],
    systemEndpoint: {
      id: SYSTEM,
      name: SYSTEM,
      url: 'https://dev.azure.com/example/',
      scheme: 'OAuth',
      parameters: new Map([['AccessToken', 'none']]),
      data: new Map(),
    },
    lookupId: {},
    taskVariables: [],
    inputs: new Map(Object.entries({ azureSubscription: CONNECTION, ...inputs })),
    endpoints: [connectionTo(reach)],
  });
}

function connectionTo(reach: Reach): Parameters<typeof environmentOfAgent>[0]['systemEndpoint'] {
  return {
    id: CONNECTION,
    name: 'workspace',
    url: `${reach.apiUrl}/`,
    scheme: 'ServicePrincipal',
    parameters: new Map([
      ['tenantid', reach.tenantId],
      ['serviceprincipalid', reach.clientId],
      ['authenticationType', 'spnKey'],
      ['serviceprincipalkey', reach.clientSecret],
    ]),
    data: new Map([
      ['subscriptionid', reach.subscriptionId],
      ['environment', 'AzureStack'],
      ['activeDirectoryAuthority', reach.apiUrl],
      ['ScopeLevel', 'AzureMLWorkspace'],
      ['resourceGroupName', reach.resourceGroup],
      ['mlWorkspaceName', reach.workspaceName],
    ]),
  };
}
