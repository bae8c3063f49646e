import { connect, type AzureML } from '../../../shared/azureml/index.ts';
import { startTestWorkspace } from '../../helpers/workspace.ts';

export { startTestWorkspace };
export type TestWorkspace = Awaited<ReturnType<typeof startTestWorkspace>>;

/** A task's client, signed in to a test workspace with a secret. */
export function clientFor({ address }: TestWorkspace, task: string): AzureML {
  const { tenantId, clientId, clientSecret: secret } = address;
  return connect({
    connection: {
      environment: 'AzureStack',
      resourceManagerUrl: address.apiUrl,
      authorityUrl: address.apiUrl,
      signIn: { scheme: 'secret', tenantId, clientId, secret },
    },
    scope: {
      subscriptionId: address.subscriptionId,
      resourceGroup: address.resourceGroup,
      workspaceName: address.workspaceName,
    },
    network: { tls: { caFile: address.caFile } },
    userAgent: `azureml-delivery-test/1 ${task}`,
  });
}
