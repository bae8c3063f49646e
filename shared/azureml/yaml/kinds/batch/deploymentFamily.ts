import type { BatchDeploymentKind } from '../../compilation.ts';
import type { Family } from '../family.ts';
import { byType } from '../type.ts';
import { batchDeployment, modelBatchDeployment } from './deployment.ts';
import { pipelineBatchDeployment } from './pipelineDeployment.ts';

const TYPES: Readonly<Record<string, BatchDeploymentKind>> = {
  model: 'modelBatchDeployment',
  pipeline: 'pipelineComponentBatchDeployment',
};

export const batchDeployments: Family<'batchDeployment'> = {
  noun: 'a batch deployment',
  choose(root, scope) {
    if (!root.entries.has('type')) return 'batchDeployment';
    return byType(root, scope, { what: 'batch deployment', types: TYPES, anyCase: true });
  },
  readers: {
    batchDeployment,
    modelBatchDeployment,
    pipelineComponentBatchDeployment: pipelineBatchDeployment,
  },
};
