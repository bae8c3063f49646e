import type { Family } from '../family.ts';

export const batchEndpoints: Family<'batchEndpoint'> = {
  noun: 'a batch endpoint',
  choose: () => 'batchEndpoint',
  readers: {
    batchEndpoint: { reason: 'Files of this kind are not offered for now.' },
  },
};
