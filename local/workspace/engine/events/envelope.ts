import type { WorkspaceEvent } from './event.ts';
import type { EventSchema } from './subscription.ts';

/** An event as it is written in a schema. */
export function inSchema(schema: EventSchema, event: WorkspaceEvent, topic: string): object {
  if (schema === 'CloudEventSchemaV1_0')
    return {
      ...{ id: event.id, source: topic, specversion: '1.0', type: event.type, subject: event.subject },
      ...{ time: event.time, datacontenttype: 'application/json', data: event.data },
    };
  return {
    ...{ topic, subject: event.subject, eventType: event.type, eventTime: event.time, id: event.id },
    ...{ data: event.data, dataVersion: '', metadataVersion: '1' },
  };
}

/** What one delivery carries: Event Grid's schema comes as a list of one, a CloudEvent alone. */
export function bodyOf(schema: EventSchema, event: object): { readonly type: string; readonly text: string } {
  return schema === 'CloudEventSchemaV1_0'
    ? { type: 'application/cloudevents+json; charset=utf-8', text: JSON.stringify(event) }
    : { type: 'application/json; charset=utf-8', text: JSON.stringify([event]) };
}
