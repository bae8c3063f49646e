import { isDeepStrictEqual } from 'node:util';
import type { Caller, WorkspaceContext } from '../../context.ts';
import { previewSchedulesBody, schedulesBody } from '../../rules/schedules.ts';
import { checkShape } from '../../rules/shape.ts';
import { isObject, Members, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import { checkAction } from './actions/actions.ts';
import type { ScheduleRecord } from './records.ts';
import { readTrigger, triggerIn } from './triggers/trigger.ts';

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/;
/** From here on monitors have the words of the stable api-versions. */
const FIRST_STABLE_MONITORS = '2024-04-01';

export interface ScheduleWrite {
  readonly name: string;
  readonly body: Json;
  readonly apiVersion: string;
  readonly caller: Caller;
  readonly known: ScheduleRecord | undefined;
}

/** What a PUT makes of a schedule; everything that would keep it from running is refused now. */
export function readSchedule(context: WorkspaceContext, write: ScheduleWrite): ScheduleRecord {
  const { name, body, caller, known } = write;
  if (!NAME.test(name)) throw badName(name);
  checkShape(write.apiVersion < FIRST_STABLE_MONITORS ? previewSchedulesBody : schedulesBody, body);
  const members = new Members(isObject(body.properties) ? body.properties : {});
  const stamps = stamp(context.clock, caller, known);
  const trigger = spelled(triggerIn(members.object('trigger')));
  readTrigger(trigger, new Date(stamps.createdAt));
  const action = members.object('action') ?? {};
  checkAction(context, action);
  const isEnabled = members.flag('isEnabled') ?? true;
  const goesOn = known?.isEnabled && isEnabled && isDeepStrictEqual(known.trigger, trigger);
  const [displayName, description] = [members.text('displayName'), members.text('description')];
  return {
    ...stamps,
    name,
    provisioningState: known ? 'Updating' : 'Creating',
    isEnabled,
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    tags: members.texts('tags') ?? {},
    properties: members.texts('properties') ?? {},
    trigger,
    action: withoutNulls(action),
    activeSince: goesOn ? known.activeSince : stamps.modifiedAt,
    creator: { objectId: caller.subject, name: caller.name },
  };
}

/** Words in the service's spelling; a time zone that nobody named is UTC. */
function spelled(trigger: Json): Json {
  const { triggerType, frequency, timeZone } = trigger;
  return withoutNulls({
    ...trigger,
    triggerType: capitalized(triggerType),
    frequency: capitalized(frequency),
    timeZone: timeZone ?? 'UTC',
  });
}

function capitalized(word: unknown): unknown {
  return typeof word === 'string' ? word.charAt(0).toUpperCase() + word.slice(1).toLowerCase() : word;
}

function withoutNulls(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}

function badName(name: string): Error {
  return userError(
    `The schedule name '${name}' is not valid. It must start with a letter or digit, have at most 255 characters, and contain only letters, digits, dashes and underscores.`,
  );
}
