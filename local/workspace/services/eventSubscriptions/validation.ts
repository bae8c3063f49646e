import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { VALIDATION_PATH } from '../../engine/events/handshake.ts';
import { subscriptionsIn } from '../../engine/events/subscription.ts';
import { failure } from '../../server/failures.ts';
import { stateNow } from './show.ts';

/** Whoever knows the code confirms a subscription, with no token: its endpoint, or who reads that endpoint's log. */
export function validationRoutes({ store, clock }: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const subscriptions = subscriptionsIn(store);
  app.on(['GET', 'POST'], VALIDATION_PATH, async (request) => {
    const [name, code] = [request.req.query('subscription')?.toLowerCase(), request.req.query('id')];
    const known = subscriptions.get(name ?? '');
    if (known === undefined || known.validation.code !== code)
      throw failure(404, 'NotFound', 'There is no such subscription to confirm.');
    if (stateNow(known, clock.now()) === 'Failed')
      throw failure(400, 'InvalidRequest', 'The time to confirm is over. Put the subscription again.');
    await subscriptions.update(
      known.name.toLowerCase(),
      // Another request may have put it again meanwhile.
      (now) => (now?.validation.code === code ? { ...now, state: 'Succeeded' as const } : now),
    );
    return request.text('The endpoint is confirmed: events are delivered to it from now on.');
  });
  return app;
}
