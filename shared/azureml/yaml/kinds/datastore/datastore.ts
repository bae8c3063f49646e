import type { Draft, DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { anything, oneOf, text } from '../../fields/basic.ts';
import { mapOf, members, record } from '../../fields/collections.ts';
import { required, type Field } from '../../fields/field.ts';
import type { KindReader } from '../family.ts';
import { credentials, NO_CREDENTIALS } from './credentials.ts';

const IGNORED = ['$schema', 'id'];
const ENDPOINT = 'core.windows.net';
const base = { name: required(text), type: required(text), description: text };
const storage = { ...base, account_name: required(text), endpoint: text, protocol: text, tags: mapOf(text) };
const storageKeys = credentials(['account key', 'SAS token', 'none']);
const tenants = credentials(['service principal', 'certificate', 'none']);

interface Common {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly credentials: Draft | undefined;
  readonly tags: Readonly<Record<string, Draft>> | undefined;
}

function resource(datastoreType: string, read: Common, own: Readonly<Record<string, Draft | undefined>>) {
  const properties = draft({
    datastoreType,
    description: read.description,
    tags: read.tags ?? {},
    credentials: read.credentials ?? NO_CREDENTIALS,
    ...own,
  });
  return { name: read.name, body: { properties } };
}

/** Where storage is reached: the public cloud over https unless the file says otherwise. */
function addressOf(read: {
  readonly account_name: string | undefined;
  readonly endpoint: string | undefined;
  readonly protocol: string | undefined;
}): Readonly<Record<string, Draft | undefined>> {
  return {
    accountName: read.account_name,
    endpoint: read.endpoint ?? ENDPOINT,
    protocol: read.protocol ?? 'https',
  };
}

export const blobDatastore: KindReader = (node, scope) => {
  const shape = { ...storage, container_name: required(text), credentials: storageKeys };
  const read = members(node, scope, shape, { ignored: IGNORED });
  return read && resource('AzureBlob', read, { ...addressOf(read), containerName: read.container_name });
};

export const fileDatastore: KindReader = (node, scope) => {
  const shape = { ...storage, file_share_name: required(text), credentials: storageKeys };
  const read = members(node, scope, shape, { ignored: IGNORED });
  return read && resource('AzureFile', read, { ...addressOf(read), fileShareName: read.file_share_name });
};

export const gen2Datastore: KindReader = (node, scope) => {
  const shape = { ...storage, filesystem: required(text), credentials: tenants };
  const read = members(node, scope, shape, { ignored: IGNORED });
  return read && resource('AzureDataLakeGen2', read, { ...addressOf(read), filesystem: read.filesystem });
};

/** The reference client takes only mappings for the tags of this one kind. */
const gen1Tags: Field<Record<string, DraftMap>> = mapOf(mapOf(anything));

export const gen1Datastore: KindReader = (node, scope) => {
  const own = { ...base, store_name: required(text), credentials: tenants, tags: gen1Tags };
  const read = members(node, scope, own, { ignored: IGNORED });
  return read && resource('AzureDataLakeGen1', read, { storeName: read.store_name });
};

const artifact = record({ name: required(text), type: oneOf(['lake_house']) });

export const oneLakeDatastore: KindReader = (node, scope) => {
  const own = {
    ...base,
    one_lake_workspace_name: required(text),
    endpoint: required(text),
    artifact: required(artifact),
    credentials: credentials(['service principal', 'none']),
    tags: mapOf(text),
  };
  const read = members(node, scope, own, { ignored: IGNORED });
  return (
    read &&
    resource('OneLake', read, {
      oneLakeWorkspaceName: read.one_lake_workspace_name,
      endpoint: read.endpoint,
      artifact: draft({ artifactType: 'LakeHouse', artifactName: read.artifact?.name }),
    })
  );
};
