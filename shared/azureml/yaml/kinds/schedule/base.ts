import type { DraftMap } from '../../compilation.ts';
import { draft } from '../../draft.ts';
import { everythingAsText, text } from '../../fields/basic.ts';
import { mapOf, type Members } from '../../fields/collections.ts';
import { required } from '../../fields/field.ts';
import type { Reading } from '../family.ts';
import { textOrNull } from '../job/base.ts';
import { trigger } from './trigger.ts';

/** What only the service sets. */
export const SCHEDULE_IGNORED = ['$schema', 'creation_context', 'is_enabled', 'provisioning_state'];

export const scheduleShape = {
  name: required(text),
  id: text,
  display_name: text,
  description: text,
  tags: mapOf(everythingAsText),
  properties: mapOf(textOrNull),
  trigger: required(trigger),
};

/** A schedule that does something when it is due. */
export function scheduleOf(read: Members<typeof scheduleShape>, action: DraftMap): Reading {
  const properties = draft({
    displayName: read.display_name,
    description: read.description,
    tags: read.tags ?? {},
    properties: read.properties ?? {},
    trigger: read.trigger?.body,
    action,
  });
  return { name: read.name, body: { properties } };
}
