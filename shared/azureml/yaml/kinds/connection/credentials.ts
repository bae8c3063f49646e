import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { oneOfSnake, text } from '../../fields/basic.ts';
import { members, type Shape } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import { secret } from '../../fields/secret.ts';

interface Sort {
  /** As the service names it. */
  readonly authType: string;
  readonly shape: Shape;
  /** The service's name of each member; none at all where nothing goes along. */
  readonly names: Readonly<Record<string, string>>;
}

/** The ways a connection can sign in, by the word after `type:`. */
const SORTS = {
  pat: { authType: 'PAT', shape: { pat: required(secret) }, names: { pat: 'pat' } },
  sas: { authType: 'SAS', shape: { sas_token: required(secret) }, names: { sas_token: 'sas' } },
  username_password: {
    authType: 'UsernamePassword',
    shape: { username: required(text), password: required(secret) },
    names: { username: 'username', password: 'password' },
  },
  managed_identity: {
    authType: 'ManagedIdentity',
    shape: { client_id: text, resource_id: text },
    names: { client_id: 'clientId', resource_id: 'resourceId' },
  },
  service_principal: {
    authType: 'ServicePrincipal',
    shape: { client_id: text, client_secret: required(secret), tenant_id: text },
    names: { client_id: 'clientId', client_secret: 'clientSecret', tenant_id: 'tenantId' },
  },
  access_key: {
    authType: 'AccessKey',
    shape: { access_key_id: required(text), secret_access_key: required(secret) },
    names: { access_key_id: 'accessKeyId', secret_access_key: 'secretAccessKey' },
  },
  api_key: { authType: 'ApiKey', shape: { key: required(secret) }, names: { key: 'key' } },
  account_key: {
    authType: 'AccountKey',
    shape: { account_key: required(secret) },
    names: { account_key: 'key' },
  },
  aad: { authType: 'AAD', shape: {}, names: {} },
  none: { authType: 'None', shape: {}, names: {} },
} as const satisfies Readonly<Record<string, Sort>>;

export type SignIn = keyof typeof SORTS;
export const SIGN_INS = Object.keys(SORTS) as readonly SignIn[];

/** The part of a connection that says how it signs in. */
export interface ConnectionCredentials {
  readonly sort: SignIn;
  readonly body: DraftMap;
}

export const NO_SIGN_IN: ConnectionCredentials = { sort: 'none', body: { authType: 'None' } };
export const ENTRA_SIGN_IN: ConnectionCredentials = { sort: 'aad', body: { authType: 'AAD' } };

export function apiKey(key: Draft): ConnectionCredentials {
  return { sort: 'api_key', body: { authType: 'ApiKey', credentials: { key } } };
}

/** How a connection signs in: a mapping with one of some types. */
export function connectionCredentials(allowed: readonly SignIn[]): Field<ConnectionCredentials> {
  const type = required(oneOfSnake(allowed));
  return {
    expected: `a mapping with type ${allowed.join(', ')}`,
    read(node, open) {
      const scope = open.secretly();
      const sort = members(node, scope, { type }, { open: true })?.type;
      if (sort === undefined) return undefined;
      const { authType, shape, names }: Sort = SORTS[sort];
      const read = members(node, scope, { type: text, ...shape });
      if (!read) return undefined;
      const values: Readonly<Record<string, Draft | undefined>> = read as Record<string, Draft>;
      const named = Object.entries(names).map(([member, name]) => [name, values[member]] as const);
      const credentials = draft(Object.fromEntries(named));
      return { sort, body: named.length === 0 ? { authType } : { authType, credentials } };
    },
  };
}
