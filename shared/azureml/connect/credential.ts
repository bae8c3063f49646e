import type { TokenCredential } from '@azure/core-auth';
import {
  AzurePipelinesCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import type { Cloud } from './cloud.ts';
import type { Transport } from './transport.ts';

/** How to sign in; what a service connection's scheme comes to. */
export type SignIn =
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
      readonly systemAccessToken: string;
    }
  | { readonly scheme: 'managedIdentity'; readonly clientId?: string };

/** The credential for a scheme. Instance discovery is left out for authorities that Entra's public list does not know. */
export function createCredential(signIn: SignIn, cloud: Cloud, transport: Transport): TokenCredential {
  return naming(choose(signIn, cloud, transport), transport);
}

/** MSAL says "endpoints_resolution_error" when nothing answers; the failure behind it is what helps. */
function naming(credential: TokenCredential, transport: Transport): TokenCredential {
  return {
    async getToken(scopes, options) {
      const before = transport.lastFailure();
      try {
        return await credential.getToken(scopes, options);
      } catch (error) {
        const failure = transport.lastFailure();
        throw failure !== before && failure instanceof Error ? failure : error;
      }
    },
  };
}

function choose(signIn: SignIn, cloud: Cloud, { httpClient }: Transport): TokenCredential {
  const options = {
    authorityHost: cloud.authorityUrl,
    disableInstanceDiscovery: !/\.(microsoftonline\.(com|us|cn)|chinacloudapi\.cn)$/.test(
      new URL(cloud.authorityUrl).hostname,
    ),
    httpClient,
  };
  switch (signIn.scheme) {
    case 'secret':
      return new ClientSecretCredential(signIn.tenantId, signIn.clientId, signIn.secret, options);
    case 'certificate':
      return new ClientCertificateCredential(
        signIn.tenantId,
        signIn.clientId,
        { certificate: signIn.certificate },
        options,
      );
    case 'federation':
      return new AzurePipelinesCredential(
        signIn.tenantId,
        signIn.clientId,
        signIn.connectionId,
        signIn.systemAccessToken,
        options,
      );
    case 'managedIdentity':
      return new ManagedIdentityCredential(
        signIn.clientId ? { clientId: signIn.clientId, httpClient } : { httpClient },
      );
  }
}
