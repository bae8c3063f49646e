import { callerCheck } from './caller.js';
import { readModel } from './model.js';
import { createRelease } from './release.js';
import { postWebhook } from './webhook.js';

const REGISTERED = 'Microsoft.MachineLearningServices.ModelRegistered';

/**
 * Answers Event Grid. What cannot be started now is answered 500: Event Grid sends the event again, by its schedule, for
 * up to a day. The same event may therefore come more than once.
 */
export function createHandler(settings) {
  const refusal = callerCheck(settings.caller);
  return async (request, context) => {
    const reason = await refusal(request.headers.get('authorization'));
    if (reason !== undefined) {
      context.warn(`Refused: ${reason}.`);
      return { status: 401 };
    }
    const events = await request.json();
    if (!Array.isArray(events) || !events.every((event) => isOfWorkspace(event, settings)))
      return { status: 403 };
    if (request.headers.get('aeg-event-type') === 'SubscriptionValidation')
      return { jsonBody: { validationResponse: events[0]?.data?.validationCode } };
    for (const event of events.filter(({ eventType }) => eventType === REGISTERED)) {
      const model = readModel(event.data);
      if (settings.modelName === undefined || settings.modelName === model.name)
        context.log(await start(event.id, model, settings));
    }
    return { status: 200 };
  };
}

function isOfWorkspace(event, { workspaceId }) {
  return String(event?.topic).toLowerCase() === workspaceId;
}

function start(eventId, model, { release, webhook, workspaceId }) {
  return webhook
    ? postWebhook({ eventId, model, workspaceId }, webhook)
    : createRelease({ eventId, model }, release);
}
