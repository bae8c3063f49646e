import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { WorkspaceContext, WorkspaceEnv } from '../context.ts';
import { armError } from '../server/answers.ts';
import { systemClock } from '../server/clock.ts';
import { ADMIN_PATH } from '../server/admin.ts';
import { cutOff, drop } from './connection.ts';
import { refusalFor } from './refusal.ts';
import { isOnRequest, type FaultEffect } from './rule.ts';

/** Lets requests meet the faults that were asked for; the admin endpoints, by which faults end, are spared. */
export function meetFaults(context: WorkspaceContext): MiddlewareHandler<WorkspaceEnv> {
  const { faults } = context;
  return async (request, next) => {
    const { method, path } = request.req;
    if (!faults.any('api') || path.startsWith(ADMIN_PATH)) return next();
    const effects = faults.meet({ service: 'api', method, path });
    for (const effect of effects)
      if (effect.fault === 'delay') await systemClock.sleep(effect.inMs, request.req.raw.signal);
    const first = effects.find(isOnRequest);
    if (first?.fault === 'drop' && first.when === 'before') return drop(request);
    const refused = first && refusalOf(first, context, request);
    if (refused) return refused;
    await faults.during(effects, next);
    if (first?.fault === 'drop') request.res = drop(request);
    if (first?.fault === 'cut') request.res = await cutOff(request, first.after);
  };
}

function refusalOf(
  effect: FaultEffect,
  context: WorkspaceContext,
  request: Context<WorkspaceEnv>,
): Response | undefined {
  const refusal = refusalFor(effect, context, request.req.path);
  if (!refusal) return undefined;
  const requestId = crypto.randomUUID();
  // Statuses without a body are not among those a fault can have.
  const status = refusal.status as ContentfulStatusCode;
  const body = refusal.body ?? armError({ ...refusal, status }, context, requestId);
  return request.json(body, status, { 'x-ms-request-id': requestId, ...refusal.headers });
}
