import type { Family } from '../family.ts';

export const computes: Family<'compute'> = {
  noun: 'a compute',
  choose: () => 'amlCompute',
  readers: {
    amlCompute: { reason: 'Files of this kind are not offered for now.' },
    computeInstance: { reason: 'Files of this kind are not offered for now.' },
    vmCompute: { reason: 'Files of this kind are not offered for now.' },
    kubernetesCompute: { reason: 'Files of this kind are not offered for now.' },
    synapseSparkCompute: { reason: 'Files of this kind are not offered for now.' },
  },
};
