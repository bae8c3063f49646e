import type { WorkspaceAddress } from '../workspace/address.ts';

/** `/subscriptions/.../workspaces/<name>`, as clients write it. */
export function workspacePathOf({ subscriptionId, resourceGroup, workspaceName }: WorkspaceAddress): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspaceName}`;
}

/** What a client reads where its settings are not enough. */
export interface EnvironmentOptions {
  /** One file with the workspace's authority and all that are trusted anyway. */
  readonly caBundle: string;
  /** For `mlflow` without `azureml-mlflow`: a tracking address of its own kind, opened by this token. */
  readonly plainMlflowToken?: string;
  /** The NO_PROXY of before. */
  readonly noProxy?: string;
}

/**
 * The environment variables by which unmodified clients find the workspace: azure-ai-ml, azureml-mlflow, mlflow,
 * azure-identity, the storage clients and the SDKs for Node.
 */
export function clientEnvironment(
  address: WorkspaceAddress,
  { caBundle, plainMlflowToken, noProxy }: EnvironmentOptions,
): Record<string, string> {
  const direct = directHosts(address, noProxy);
  return {
    // azure-ai-ml and azureml-mlflow ask their cloud for every address; this cloud is the workspace.
    AZUREML_CURRENT_CLOUD: 'Local',
    ARM_CLOUD_METADATA_URL: `${address.apiUrl}/metadata/endpoints?api-version=2019-05-01`,
    REGISTRY_DISCOVERY_ENDPOINT_URL: `${address.apiUrl}/`,
    // DefaultAzureCredential and ManagedIdentityCredential sign in here.
    IDENTITY_ENDPOINT: address.managedIdentity.endpoint,
    IDENTITY_HEADER: address.managedIdentity.header,
    AZURE_SUBSCRIPTION_ID: address.subscriptionId,
    AZURE_RESOURCE_GROUP: address.resourceGroup,
    AZUREML_WORKSPACE: address.workspaceName,
    AZURE_RESOURCE_MANAGER_URL: address.apiUrl,
    AZURE_STORAGE_ACCOUNT_URL: address.accountUrl,
    ...tracking(address, plainMlflowToken),
    ...Object.fromEntries(
      ['REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'].map((name) => [
        name,
        caBundle,
      ]),
    ),
    // Storage is addressed by names below localhost, which few resolvers know; the workspace's own proxy does.
    ...bothCases('HTTPS_PROXY', address.proxyUrl),
    ...bothCases('NO_PROXY', direct),
  };
}

function tracking(address: WorkspaceAddress, token: string | undefined): Record<string, string> {
  const place = `${new URL(address.apiUrl).host}/mlflow/v1.0${workspacePathOf(address)}`;
  if (token === undefined) return { MLFLOW_TRACKING_URI: `azureml://${place}` };
  return { MLFLOW_TRACKING_URI: `https://${place}`, MLFLOW_TRACKING_TOKEN: token };
}

/** With its port: a bare `localhost` would keep storage's names from the proxy, too. */
function directHosts({ apiUrl }: WorkspaceAddress, noProxy = ''): string {
  const own = noProxy.split(',').map((name) => name.trim());
  const kept = own.filter((name) => name !== '' && name !== '*' && !/^\.?localhost$/.test(name));
  return [...new Set([new URL(apiUrl).host, '127.0.0.1', ...kept])].join(',');
}

function bothCases(name: string, value: string): Record<string, string> {
  return { [name]: value, [name.toLowerCase()]: value };
}
