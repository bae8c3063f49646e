import { createHash } from 'node:crypto';
import type { ServiceConnection } from '../runner/index.ts';
import type { WorkspaceAddress } from '../workspace/address.ts';

/** Name under which pipelines reach the embedded workspace. */
const CONNECTION_NAME = 'azureml-local';

/** The service connection to the embedded workspace, as a workspace-scoped one in Azure DevOps would be. */
export function connectionTo(address: WorkspaceAddress): ServiceConnection {
  return {
    id: guidOf(`${address.subscriptionId}/${address.workspaceName}`),
    name: CONNECTION_NAME,
    url: `${address.apiUrl}/`,
    scheme: 'ServicePrincipal',
    parameters: {
      tenantid: address.tenantId,
      serviceprincipalid: address.clientId,
      authenticationType: 'spnKey',
      serviceprincipalkey: address.clientSecret,
    },
    data: {
      subscriptionId: address.subscriptionId,
      subscriptionName: 'Embedded workspace',
      environment: 'AzureStack',
      scopeLevel: 'AzureMLWorkspace',
      activeDirectoryAuthority: address.apiUrl,
      resourceGroupName: address.resourceGroup,
      mlWorkspaceName: address.workspaceName,
      mlWorkspaceLocation: address.location,
    },
  };
}

function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
