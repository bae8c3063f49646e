import { workspaceId, type WorkspaceContext, type WorkspaceService } from '../../context.ts';
import { Deliverer } from '../../engine/events/deliverer.ts';
import { outboxOf } from '../../engine/events/outbox.ts';
import { eventSubscriptionRoutes } from './routes.ts';
import { validationRoutes } from './validation.ts';

const deliverers = new WeakMap<WorkspaceContext, Deliverer>();

/** Event Grid: who wants to hear of the workspace's events, and their delivery. */
export const eventSubscriptions: WorkspaceService = {
  name: 'eventSubscriptions',
  routes: eventSubscriptionRoutes,
  prepare: async ({ store, identity }) => void (outboxOf(store).topic = workspaceId(identity)),
  start: async (context) => {
    const deliverer = new Deliverer(context);
    deliverers.set(context, deliverer);
    deliverer.start();
  },
  stop: async (context) => deliverers.get(context)?.stop(),
};

/** Confirming takes the code alone. */
export const eventValidation: WorkspaceService = {
  name: 'eventValidation',
  routes: validationRoutes,
  ownSignIn: true,
};
