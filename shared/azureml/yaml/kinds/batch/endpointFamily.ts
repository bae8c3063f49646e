import type { Family } from '../family.ts';
import { batchEndpoint } from './endpoint.ts';

export const batchEndpoints: Family<'batchEndpoint'> = {
  noun: 'a batch endpoint',
  choose: () => 'batchEndpoint',
  readers: { batchEndpoint },
};
