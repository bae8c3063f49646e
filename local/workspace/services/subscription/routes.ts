import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { userError } from '../../server/failures.ts';
import { usagesOf } from './usages.ts';
import machineSizes from './machineSizes.json' with { type: 'json' };

const PROVIDER = 'Microsoft.MachineLearningServices';
const LOCATION = `/subscriptions/:subscriptionId/providers/${PROVIDER}/locations/:location` as const;
/** What a subscription has in a region: machine sizes, and how much of its limits is used. */
export function subscriptionRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  app.get(`${LOCATION}/vmSizes`, (request) => request.json({ value: machineSizes.map(showSize) }));
  app.get(`${LOCATION}/usages`, (request) => request.json({ value: usagesOf(context) }));
  app.get(`${LOCATION}/quotas`, (request) =>
    request.json({ value: usagesOf(context).map(({ currentValue: _, ...quota }) => quota) }),
  );
  app.post(`${LOCATION}/updateQuotas`, () => {
    throw userError('The embedded workspace has the limits of the service, which cannot be changed.');
  });
  return app;
}

function showSize({ memoryGB, ...size }: (typeof machineSizes)[number]): object {
  return {
    ...size,
    gpus: 0,
    osVhdSizeMB: 1_047_552,
    maxResourceVolumeMB: memoryGB * 2048,
    memoryGB,
    lowPriorityCapable: true,
    premiumIO: true,
    supportedComputeTypes: ['AmlCompute', 'ComputeInstance'],
  };
}
