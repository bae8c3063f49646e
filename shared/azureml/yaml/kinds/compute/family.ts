import type { ComputeKind } from '../../compilation.ts';
import type { Family } from '../family.ts';
import { byType } from '../type.ts';
import { kubernetesCompute, synapseSpark, virtualMachine } from './attached.ts';
import { amlCompute } from './cluster.ts';
import { computeInstance } from './instance.ts';

const TYPES: Readonly<Record<string, ComputeKind>> = {
  amlcompute: 'amlCompute',
  computeinstance: 'computeInstance',
  virtualmachine: 'vmCompute',
  kubernetes: 'kubernetesCompute',
  synapsespark: 'synapseSparkCompute',
};

export const computes: Family<'compute'> = {
  noun: 'a compute',
  choose: (root, scope) => byType(root, scope, { what: 'compute', types: TYPES, anyCase: true }),
  readers: {
    amlCompute,
    computeInstance,
    vmCompute: virtualMachine,
    kubernetesCompute,
    synapseSparkCompute: synapseSpark,
  },
};
