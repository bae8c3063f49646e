import type { Family } from '../family.ts';

export const batchDeployments: Family<'batchDeployment'> = {
  noun: 'a batch deployment',
  choose: () => 'batchDeployment',
  readers: {
    batchDeployment: { reason: 'Files of this kind are not offered for now.' },
    modelBatchDeployment: { reason: 'Files of this kind are not offered for now.' },
    pipelineComponentBatchDeployment: { reason: 'Files of this kind are not offered for now.' },
  },
};
