import { ClientAssertionCredential, ClientSecretCredential, type TokenCredential } from '@azure/identity';
import { request } from 'undici';
import { Problem } from '../../../shared/problem/index.ts';
import type { Endpoint } from '../agent/endpoints.ts';
import type { VariableStore } from '../agent/variables/variables.ts';

/** Gets the token the service would put on a request of a task that names an Azure connection. */
export interface ServerSignIn {
  tokenFor(endpoint: Endpoint, audience: string, variables: VariableStore): Promise<string>;
}

const PUBLIC_AUTHORITY = 'https://login.microsoftonline.com/';

/** `ca`: PEM of what is trusted beside Node's own roots. */
export function createServerSignIn(ca: readonly string[]): ServerSignIn {
  const credentials = new Map<string, TokenCredential>();
  return {
    async tokenFor(endpoint, audience, variables) {
      const known = credentials.get(endpoint.id) ?? credentialFor(endpoint, variables, ca);
      credentials.set(endpoint.id, known);
      const token = await known.getToken(`${audience.replace(/\/+$/, '')}/.default`);
      if (token) return token.token;
      throw cannotSignIn(endpoint, 'no token was given');
    },
  };
}

function credentialFor(endpoint: Endpoint, variables: VariableStore, ca: readonly string[]): TokenCredential {
  const parameter = (name: string): string => valueIn(endpoint.parameters, name);
  const authorityHost = valueIn(endpoint.data, 'activeDirectoryAuthority') || PUBLIC_AUTHORITY;
  const options = {
    authorityHost,
    disableInstanceDiscovery: authorityHost !== PUBLIC_AUTHORITY,
    tlsOptions: { ca: [...ca] },
  };
  const [tenant, client] = [parameter('tenantid'), parameter('serviceprincipalid')];
  switch (endpoint.scheme) {
    case 'ServicePrincipal':
      return new ClientSecretCredential(tenant, client, parameter('serviceprincipalkey'), options);
    case 'WorkloadIdentityFederation':
      return new ClientAssertionCredential(tenant, client, () => assertionFor(endpoint, variables), options);
    default:
      throw cannotSignIn(endpoint, `its scheme ${endpoint.scheme} signs in from inside Azure alone`);
  }
}

/** The token of Azure DevOps that stands for the connection. */
async function assertionFor(endpoint: Endpoint, variables: VariableStore): Promise<string> {
  const address = new URL(variables.get('System.OidcRequestUri') ?? '');
  address.searchParams.set('api-version', '7.1');
  address.searchParams.set('serviceConnectionId', endpoint.id);
  const answer = await request(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${variables.get('System.AccessToken') ?? ''}` },
  });
  const { oidcToken } = (await answer.body.json()) as { oidcToken?: string };
  if (oidcToken) return oidcToken;
  throw cannotSignIn(endpoint, `Azure DevOps gave no token for it (${answer.statusCode})`);
}

function valueIn(values: ReadonlyMap<string, string>, name: string): string {
  for (const [key, value] of values) if (key.toLowerCase() === name.toLowerCase()) return value;
  return '';
}

function cannotSignIn({ name }: Endpoint, why: string): Problem {
  return new Problem({
    code: 'sign-in',
    message: `The service connection '${name}' cannot be used without an agent: ${why}.`,
    next: 'Use a connection with a service principal or with workload identity federation.',
  });
}
