import type { DatastoreKind } from '../../compilation.ts';
import type { Family } from '../family.ts';
import { byType } from '../type.ts';
import { blobDatastore, fileDatastore, gen1Datastore, gen2Datastore, oneLakeDatastore } from './datastore.ts';

const TYPES: Readonly<Record<string, DatastoreKind>> = {
  azure_blob: 'azureBlob',
  azure_file: 'azureFile',
  azure_data_lake_gen1: 'azureDataLakeGen1',
  azure_data_lake_gen2: 'azureDataLakeGen2',
  one_lake: 'oneLake',
};

export const datastores: Family<'datastore'> = {
  noun: 'a datastore',
  choose: (root, scope) => byType(root, scope, { what: 'datastore', types: TYPES, others: ['hdfs'] }),
  readers: {
    azureBlob: blobDatastore,
    azureFile: fileDatastore,
    azureDataLakeGen1: gen1Datastore,
    azureDataLakeGen2: gen2Datastore,
    oneLake: oneLakeDatastore,
  },
};
