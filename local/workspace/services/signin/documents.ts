import type { WorkspaceContext, WorkspaceUrls } from '../../context.ts';

/** The clouds document that `ARM_CLOUD_METADATA_URL` names; it has one cloud, this workspace. */
export function cloudMetadata({ api, storageSuffix }: WorkspaceUrls): object[] {
  return [
    {
      name: 'Local',
      portal: 'https://portal.localhost.test/',
      resourceManager: `${api}/`,
      // A host without a port: azureml-mlflow hands it to a library that refuses one.
      authentication: {
        loginEndpoint: 'https://localhost/',
        audiences: [`${api}/`],
        tenant: 'common',
        identityProvider: 'AAD',
      },
      suffixes: { storage: storageSuffix },
    },
  ];
}

/** OpenID metadata of one tenant. */
export function openIdConfiguration({ urls }: WorkspaceContext, tenant: string): object {
  const authority = `${urls.api}/${tenant}`;
  return {
    issuer: `${authority}/v2.0`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'oid', 'tid'],
    tenant_region_scope: null,
    cloud_instance_name: new URL(urls.api).host,
    cloud_graph_host_name: new URL(urls.api).host,
    msgraph_host: new URL(urls.api).host,
  };
}

/** What a client asks first, unless it is told not to: whether it may trust this authority. */
export function instanceMetadata({ urls, identity }: WorkspaceContext): object {
  const { host } = new URL(urls.api);
  return {
    tenant_discovery_endpoint: `${urls.api}/${identity.tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
