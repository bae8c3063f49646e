import { defined, isObject, Members, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { Stamps } from '../../server/stamps.ts';

/** A datastore, with its secrets apart: only `listSecrets` shows them. */
export interface DatastoreRecord extends Stamps {
  readonly name: string;
  readonly properties: Json;
  /** undefined when the datastore has no credentials. */
  readonly secrets?: Json;
}

const PLACES = {
  AzureBlob: ['accountName', 'containerName'],
  AzureFile: ['accountName', 'fileShareName'],
  AzureDataLakeGen1: ['storeName'],
  AzureDataLakeGen2: ['accountName', 'filesystem'],
} as const;
const TYPES = ['AzureBlob', 'AzureFile', 'AzureDataLakeGen1', 'AzureDataLakeGen2'] as const;

const CREDENTIALS = {
  None: { needed: [], secret: undefined },
  AccountKey: { needed: [], secret: 'key' },
  Sas: { needed: [], secret: 'sasToken' },
  ServicePrincipal: { needed: ['clientId', 'tenantId'], secret: 'clientSecret' },
  Certificate: { needed: ['clientId', 'tenantId', 'thumbprint'], secret: 'certificate' },
} as const;
const CREDENTIAL_TYPES = ['None', 'AccountKey', 'Sas', 'ServicePrincipal', 'Certificate'] as const;

/** A datastore body read into what is shown and what is kept secret. */
export function readDatastore(body: Json): Pick<DatastoreRecord, 'properties' | 'secrets'> {
  const members = new Members(body);
  const datastoreType = members.needed('datastoreType', members.word('datastoreType', TYPES));
  const place = PLACES[datastoreType].map((name) => [name, members.needed(name, members.text(name))]);
  const { credentials, secrets } = readCredentials(
    members.needed('credentials', members.object('credentials')),
  );
  const properties = defined({
    description: members.text('description'),
    tags: members.texts('tags') ?? {},
    properties: members.texts('properties') ?? {},
    datastoreType,
    ...Object.fromEntries(place),
    endpoint: members.text('endpoint'),
    protocol: members.text('protocol'),
    resourceGroup: members.text('resourceGroup'),
    subscriptionId: members.text('subscriptionId'),
    serviceDataAccessAuthIdentity: members.text('serviceDataAccessAuthIdentity') ?? 'None',
    credentials,
  });
  return secrets === undefined ? { properties } : { properties, secrets };
}

function readCredentials(credentials: Json): { credentials: Json; secrets: Json | undefined } {
  const place = 'properties.credentials';
  const members = new Members(credentials, place);
  const credentialsType = members.needed(
    'credentialsType',
    members.word('credentialsType', CREDENTIAL_TYPES),
  );
  const { needed, secret } = CREDENTIALS[credentialsType];
  const shown = defined({
    credentialsType,
    ...Object.fromEntries(needed.map((name) => [name, members.needed(name, members.text(name))])),
    authorityUrl: members.text('authorityUrl'),
    resourceUrl: members.text('resourceUrl'),
  });
  if (secret === undefined) return { credentials: shown, secrets: undefined };
  const value = isObject(credentials.secrets) ? credentials.secrets[secret] : undefined;
  if (typeof value !== 'string' || value === '')
    throw userError(`The member '${place}.secrets.${secret}' is required.`);
  return { credentials: shown, secrets: { secretsType: credentialsType, [secret]: value } };
}
