import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../../context.ts';
import { shakeHands } from '../../engine/events/handshake.ts';
import { subscriptionsIn, type EventSubscription } from '../../engine/events/subscription.ts';
import { readBody, readProperties } from '../../server/bodies.ts';
import { failure } from '../../server/failures.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { stamp } from '../../server/stamps.ts';
import { storageAccountId } from '../datastores/builtIn.ts';
import { readChange, readSubscription, type Wanted } from './read.ts';
import { showHeaders, showSubscription } from './show.ts';

const PATH = `${workspacePath}/providers/Microsoft.EventGrid/eventSubscriptions` as const;
const VALIDATION_IN_MS = 10 * 60 * 1000;

/** Event Grid's subscriptions, which hang on the workspace as resources of another provider. */
export function eventSubscriptionRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const subscriptions = subscriptionsIn(context.store);
  const storageId = storageAccountId(context);
  const show = (one: EventSubscription): object => showSubscription(context, one);
  const find = (name: string): EventSubscription => {
    const found = subscriptions.get(name.toLowerCase());
    if (found) return found;
    throw failure(404, 'ResourceNotFound', `The event subscription '${name}' was not found.`);
  };
  const save = async (
    name: string,
    wanted: Wanted,
    caller: { readonly name: string },
  ): Promise<EventSubscription> => {
    const known = subscriptions.get(name.toLowerCase());
    const subscription = await agreed(context, name, wanted, { caller, known });
    if (wanted.deadLetterContainer !== undefined) {
      await context.storageReady;
      await context.storage.createContainer(wanted.deadLetterContainer);
    }
    await subscriptions.put(name.toLowerCase(), subscription);
    return subscription;
  };

  app.get(PATH, (request) =>
    request.json(
      pageOf(
        request,
        context,
        (after) => subscriptions.list(after === undefined ? {} : { after }),
        (one) => show(one),
      ),
    ),
  );
  app.get(`${PATH}/:name`, (request) => request.json(show(find(request.req.param('name')))));
  app.put(`${PATH}/:name`, async (request) => {
    const name = checkSubscriptionName(request.req.param('name'));
    const wanted = readSubscription(await readProperties(request), storageId);
    const isNew = subscriptions.get(name.toLowerCase()) === undefined;
    return request.json(show(await save(name, wanted, request.get('caller'))), isNew ? 201 : 200);
  });
  app.patch(`${PATH}/:name`, async (request) => {
    const known = find(request.req.param('name'));
    const wanted = { ...known, ...readChange(await readBody(request), storageId) };
    return request.json(show(await save(known.name, wanted, request.get('caller'))), 201);
  });
  app.delete(`${PATH}/:name`, async (request) => {
    const name = request.req.param('name').toLowerCase();
    const isThere = subscriptions.get(name) !== undefined;
    await subscriptions.delete(name);
    return request.body(null, isThere ? 200 : 204);
  });
  app.post(`${PATH}/:name/getFullUrl`, (request) =>
    request.json({ endpointUrl: find(request.req.param('name')).destination.endpointUrl }),
  );
  app.post(`${PATH}/:name/getDeliveryAttributes`, (request) =>
    request.json(showHeaders(find(request.req.param('name')))),
  );
  return app;
}

interface Before {
  readonly caller: { readonly name: string };
  readonly known: EventSubscription | undefined;
}

/** A subscription comes into being when its endpoint has agreed, or has been told how to. */
async function agreed(
  context: WorkspaceContext,
  name: string,
  wanted: Wanted,
  { caller, known }: Before,
): Promise<EventSubscription> {
  const { clock, identity } = context;
  const until = new Date(clock.now().getTime() + VALIDATION_IN_MS).toISOString();
  const subscription: EventSubscription = {
    ...wanted,
    ...stamp(clock, caller, known),
    name: known?.name ?? name,
    state: 'AwaitingManualAction',
    validation: { code: randomUUID().toUpperCase(), until },
  };
  return { ...subscription, state: await shakeHands(subscription, workspaceId(identity), context) };
}

function checkSubscriptionName(name: string): string {
  if (/^[a-zA-Z0-9-]{3,64}$/.test(name)) return name;
  throw failure(
    400,
    'InvalidRequest',
    `The event subscription name '${name}' must have 3 to 64 letters, digits and dashes.`,
  );
}
