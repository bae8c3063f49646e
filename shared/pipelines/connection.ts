import * as tl from 'azure-pipelines-task-lib/task.js';
import { Problem } from '../problem/index.ts';
import { variable } from './agent.ts';

/** How an Azure Resource Manager service connection signs in. */
export type ConnectionSignIn =
  | {
      readonly scheme: 'secret';
      readonly tenantId: string;
      readonly clientId: string;
      readonly secret: string;
    }
  | {
      readonly scheme: 'certificate';
      readonly tenantId: string;
      readonly clientId: string;
      readonly certificate: string;
    }
  | {
      readonly scheme: 'federation';
      readonly tenantId: string;
      readonly clientId: string;
      readonly connectionId: string;
      /** The job's token, with which Azure DevOps is asked for an OIDC token. */
      readonly systemAccessToken: string;
    }
  | { readonly scheme: 'managedIdentity'; readonly clientId?: string };

/** An Azure Resource Manager service connection, read from what the agent handed over. */
export interface AzureConnection {
  readonly id: string;
  readonly resourceManagerUrl: string;
  /** AzureCloud, AzureUSGovernment, AzureChinaCloud, AzureStack, ...; as the connection says. */
  readonly environment: string;
  /** Sign-in authority, when the connection names one. */
  readonly authorityUrl?: string;
  readonly subscriptionId: string;
  readonly signIn: ConnectionSignIn;
  /** Filled by a workspace-scoped connection. */
  readonly resourceGroup?: string;
  readonly workspaceName?: string;
}

/** Reads the connection named by an input. Throws a Problem that names the input and what the connection lacks. */
export function readConnection(input: string): AzureConnection {
  const id = tl.getInput(input, false)?.trim();
  if (!id)
    throw problem(
      input,
      'A service connection is required.',
      'Choose an Azure Resource Manager service connection.',
    );
  const data = (key: string): string | undefined => tl.getEndpointDataParameter(id, key, true) || undefined;
  const url = tl.getEndpointUrl(id, true);
  if (!url) {
    throw problem(
      input,
      `The service connection '${id}' was not handed to this step.`,
      'Check that it exists and that this pipeline may use it.',
    );
  }
  const authority = data('activeDirectoryAuthority') ?? data('environmentAuthorityUrl');
  return {
    id,
    resourceManagerUrl: url.replace(/\/+$/, ''),
    environment: data('environment') ?? 'AzureCloud',
    ...(authority && { authorityUrl: authority.replace(/\/+$/, '') }),
    subscriptionId: data('subscriptionid') ?? '',
    signIn: readSignIn(input, id, data),
    ...scopeOf(data),
  };
}

function scopeOf(
  data: (key: string) => string | undefined,
): Pick<AzureConnection, 'resourceGroup' | 'workspaceName'> {
  const resourceGroup = data('resourceGroupName');
  const workspaceName = data('mlWorkspaceName');
  return { ...(resourceGroup && { resourceGroup }), ...(workspaceName && { workspaceName }) };
}

/** Read as a whole, because task-lib writes each parameter it is asked for into the debug log. */
function authorizationOf(id: string): { scheme: string; parameter(key: string): string | undefined } {
  const { scheme, parameters } = tl.getEndpointAuthorization(id, true) ?? { scheme: '', parameters: {} };
  const entries = Object.entries(parameters);
  return {
    scheme: scheme.toLowerCase(),
    parameter: (key) => entries.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] || undefined,
  };
}

function readSignIn(input: string, id: string, data: (key: string) => string | undefined): ConnectionSignIn {
  const { scheme, parameter } = authorizationOf(id);
  const auth = (key: string): string => {
    const value = parameter(key);
    if (value) return value;
    throw problem(
      input,
      `The service connection '${id}' lacks '${key}'.`,
      'Save the connection again in the project settings.',
    );
  };
  switch (scheme) {
    case 'serviceprincipal': {
      const identity = { tenantId: auth('tenantid'), clientId: auth('serviceprincipalid') };
      return parameter('authenticationType')?.toLowerCase() === 'spncertificate'
        ? { scheme: 'certificate', ...identity, certificate: auth('servicePrincipalCertificate') }
        : { scheme: 'secret', ...identity, secret: auth('serviceprincipalkey') };
    }
    case 'workloadidentityfederation':
      return {
        scheme: 'federation',
        tenantId: auth('tenantid'),
        clientId: auth('serviceprincipalid'),
        connectionId: id,
        systemAccessToken: oidcAccessToken(input),
      };
    case 'managedserviceidentity': {
      const clientId = data('msiclientId');
      return { scheme: 'managedIdentity', ...(clientId && { clientId }) };
    }
    default:
      throw problem(
        input,
        `The service connection '${id}' signs in by '${scheme}', which Azure Resource Manager does not know.`,
        'Use a service principal, workload identity federation or a managed identity.',
      );
  }
}

/** The job's own token, where Azure DevOps also offers the address to use it at. */
function oidcAccessToken(input: string): string {
  const token = authorizationOf('SYSTEMVSSCONNECTION').parameter('AccessToken');
  if (!token)
    throw problem(
      input,
      'The job has no access token to ask Azure DevOps for an OIDC token.',
      'Run the step on an Azure Pipelines agent.',
    );
  if (!variable('System.OidcRequestUri'))
    throw problem(
      input,
      'Azure DevOps offered no OIDC request address (System.OidcRequestUri) to this job.',
      'Update the agent, or use a connection with a secret or certificate.',
    );
  return token;
}

function problem(input: string, message: string, next: string): Problem {
  return new Problem({ code: 'input', message, next, place: { input } });
}
