import type { WorkspaceContext } from '../../context.ts';

const PROVIDER = 'Microsoft.MachineLearningServices';
/** What one subscription may have in a region, all kinds together. */
const LIMITS = { onlineEndpoints: 100, onlineDeployments: 500 } as const;

const WORDS = { onlineEndpoints: 'Online endpoints', onlineDeployments: 'Online deployments' } as const;

/** How much of a limit is used. */
export interface Usage {
  readonly id: string;
  readonly amlWorkspaceLocation: string;
  readonly type: string;
  readonly unit: 'Count';
  readonly currentValue: number;
  readonly limit: number;
  readonly name: { readonly value: string; readonly localizedValue: string };
}

/** What of its limits a workspace uses: for its region, and for the workspace alone. */
export function usagesOf({ identity, store }: WorkspaceContext): Usage[] {
  return (['onlineEndpoints', 'onlineDeployments'] as const).map((value) => ({
    id: `/subscriptions/${identity.subscriptionId}/providers/${PROVIDER}/locations/${identity.location}/usages/${value}`,
    amlWorkspaceLocation: identity.location,
    type: `${PROVIDER}/usages`,
    unit: 'Count',
    currentValue: store.collection(value).count(),
    limit: LIMITS[value],
    name: { value, localizedValue: WORDS[value] },
  }));
}
