import type { StoredDeployment } from './documents.ts';

/** The one SKU of online deployments: it only says how many instances there may be. */
export function skusOf(deployment: StoredDeployment): object[] {
  return [
    {
      resourceType: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
      sku: { name: String(deployment.sku['name']), tier: 'Standard' },
      capacity: { default: 1, minimum: 1, maximum: 50, scaleType: 'Manual' },
    },
  ];
}
