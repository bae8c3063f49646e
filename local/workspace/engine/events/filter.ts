import { isObject, type Json } from '../../server/bodies.ts';
import type { WorkspaceEvent } from './event.ts';
import { holds, type Condition } from './conditions.ts';

/** Which events a subscription wants. Texts are compared without case unless asked otherwise. */
export interface EventFilter {
  /** All types when left out. */
  readonly includedEventTypes?: readonly string[];
  readonly subjectBeginsWith: string;
  readonly subjectEndsWith: string;
  readonly isSubjectCaseSensitive: boolean;
  readonly enableAdvancedFilteringOnArrays: boolean;
  /** All must hold. */
  readonly advancedFilters: readonly Condition[];
}

/** Whether an event passes; `topic` is the workspace's id. */
export function passes(filter: EventFilter, event: WorkspaceEvent, topic: string): boolean {
  const { includedEventTypes: types, isSubjectCaseSensitive, enableAdvancedFilteringOnArrays } = filter;
  const spelled = (text: string): string => (isSubjectCaseSensitive ? text : text.toLowerCase());
  const subject = spelled(event.subject);
  return (
    (types === undefined || types.some((type) => type.toLowerCase() === event.type.toLowerCase())) &&
    subject.startsWith(spelled(filter.subjectBeginsWith)) &&
    subject.endsWith(spelled(filter.subjectEndsWith)) &&
    filter.advancedFilters.every((one) =>
      holds(one, valueOf(one.key, event, topic), enableAdvancedFilteringOnArrays),
    )
  );
}

/**
 * What a key such as `data.runTags.stage` names, in the words of either schema; undefined when it is not there. Keys are
 * compared without case, because Azure's own texts write these members both ways.
 */
export function valueOf(key: string, event: WorkspaceEvent, topic: string): unknown {
  const [first = '', ...rest] = key.split('.');
  if (first.toLowerCase() === 'data') return inside(event.data, rest);
  if (rest.length > 0) return undefined;
  switch (first.toLowerCase()) {
    case 'id':
      return event.id;
    case 'topic':
    case 'source':
      return topic;
    case 'subject':
      return event.subject;
    case 'eventtype':
    case 'type':
      return event.type;
    case 'eventtime':
    case 'time':
      return event.time;
    case 'dataversion':
      return '';
    case 'specversion':
      return '1.0';
    default:
      return undefined;
  }
}

/** Names of tags may hold dots: the longest name that fits is taken. */
function inside(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return value;
  if (!isObject(value)) return undefined;
  for (let length = path.length; length > 0; length -= 1) {
    const member = memberOf(value, path.slice(0, length).join('.'));
    if (member !== undefined) return inside(member, path.slice(length));
  }
  return undefined;
}

function memberOf(object: Json, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}
