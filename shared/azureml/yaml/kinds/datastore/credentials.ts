import type { Draft, DraftMap, Secret } from '../../compilation.ts';
import type { YamlMap } from '../../document/node.ts';
import { draft } from '../../draft.ts';
import { text } from '../../fields/basic.ts';
import { members } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import { secret } from '../../fields/secret.ts';
import type { Scope } from '../../fields/scope.ts';

export type CredentialWord = 'account key' | 'SAS token' | 'service principal' | 'certificate' | 'none';
type Reader = (node: YamlMap, scope: Scope) => DraftMap | undefined;

const AUTHORITY = 'https://login.microsoftonline.com';
export const NO_CREDENTIALS: DraftMap = { credentialsType: 'None' };

function secrets(secretsType: string, values: Readonly<Record<string, Secret | undefined>>): DraftMap {
  return draft({ secretsType, ...values });
}

const tenant = {
  authority_url: text,
  authority_uri: text,
  resource_url: text,
  tenant_id: required(text),
  client_id: required(text),
};

/** `authority_uri` is the older spelling; one of both at most. */
function tenantOf(
  read: { readonly [K in keyof typeof tenant]: string | undefined },
  node: YamlMap,
  scope: Scope,
): DraftMap {
  if (read.authority_uri !== undefined && read.authority_url !== undefined)
    scope.refuse(
      node.at,
      `${scope.subject()} has both 'authority_url' and 'authority_uri'; write one of them.`,
    );
  return draft({
    authorityUrl: read.authority_url ?? read.authority_uri ?? AUTHORITY,
    resourceUrl: read.resource_url,
    tenantId: read.tenant_id,
    clientId: read.client_id,
  });
}

const READERS: Readonly<Record<CredentialWord, Reader>> = {
  'account key'(node, scope) {
    const read = members(node, scope, { account_key: required(secret) });
    return (
      read && { credentialsType: 'AccountKey', secrets: secrets('AccountKey', { key: read.account_key }) }
    );
  },
  'SAS token'(node, scope) {
    const read = members(node, scope, { sas_token: required(secret) });
    return read && { credentialsType: 'Sas', secrets: secrets('Sas', { sasToken: read.sas_token }) };
  },
  'service principal'(node, scope) {
    const read = members(node, scope, { ...tenant, client_secret: required(secret) });
    return (
      read && {
        credentialsType: 'ServicePrincipal',
        ...tenantOf(read, node, scope),
        secrets: secrets('ServicePrincipal', { clientSecret: read.client_secret }),
      }
    );
  },
  certificate(node, scope) {
    const read = members(node, scope, { ...tenant, certificate: secret, thumbprint: required(text) });
    return (
      read &&
      draft({
        credentialsType: 'Certificate',
        ...tenantOf(read, node, scope),
        thumbprint: read.thumbprint,
        secrets: secrets('Certificate', { certificate: read.certificate }),
      })
    );
  },
  none: (node, scope) => members(node, scope, {}) && NO_CREDENTIALS,
};

/** The member that tells each sort of credentials from the others. */
const TELLING: readonly (readonly [string, CredentialWord])[] = [
  ['account_key', 'account key'],
  ['sas_token', 'SAS token'],
  ['client_secret', 'service principal'],
  ['thumbprint', 'certificate'],
  ['certificate', 'certificate'],
];

/** How a datastore signs in to its storage: told by the members, since the file does not name the sort. */
export function credentials(allowed: readonly CredentialWord[]): Field<Draft> {
  const expected = `a mapping with the members of one of these: ${allowed.join(', ')}`;
  return {
    expected,
    read(node, scope) {
      const quiet = scope.secretly();
      if (node.kind !== 'map') return quiet.unexpected(node, expected);
      const word = node.entries.size === 0 ? 'none' : TELLING.find(([key]) => node.entries.has(key))?.[1];
      if (word === undefined || !allowed.includes(word)) return quiet.unexpected(node, expected);
      return READERS[word](node, quiet);
    },
  };
}
