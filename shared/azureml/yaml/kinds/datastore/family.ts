import type { Family } from '../family.ts';

export const datastores: Family<'datastore'> = {
  noun: 'a datastore',
  choose: () => 'azureBlob',
  readers: {
    azureBlob: { reason: 'Files of this kind are not offered for now.' },
    azureFile: { reason: 'Files of this kind are not offered for now.' },
    azureDataLakeGen1: { reason: 'Files of this kind are not offered for now.' },
    azureDataLakeGen2: { reason: 'Files of this kind are not offered for now.' },
    oneLake: { reason: 'Files of this kind are not offered for now.' },
  },
};
