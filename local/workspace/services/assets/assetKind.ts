import { isDeepStrictEqual } from 'node:util';
import { checkShape, type Shape } from '../../rules/shape.ts';
import { defined, isObject, Members, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { LOST_MARK, type AssetType, type VersionRecord } from './records.ts';

/** How one type of asset differs from the others. */
export interface AssetKind {
  readonly type: AssetType;
  /** In messages: "the model". */
  readonly noun: string;
  /** The member that says where the bytes are; it never changes. */
  readonly pathMember?: string;
  /** Other members that a version keeps for good. */
  readonly fixed?: readonly string[];
  /** What bodies of containers and of versions may hold. */
  readonly rules: { readonly container: Shape; readonly version: Shape };
  /** Reads the members of this type; the common ones are read for all. Throws what the service refuses. */
  read(members: Members, name: string): Json;
  /** What the service adds to the answer for a version. */
  show?(properties: Json, record: VersionRecord): Json;
  /** Reads what the container of this type has beside the common members. */
  readContainer?(members: Members): Json;
  /** What the container takes over from its first version. */
  container?(properties: Json): Json;
  /** Whether the type has a `provisioningState`. */
  readonly provisioned: boolean;
}

/** The properties of a version body, read and completed. */
export function readVersion(kind: AssetKind, body: Json, name: string): Json {
  const members = new Members(body);
  const wanted = defined({
    description: members.text('description'),
    tags: members.texts('tags') ?? {},
    properties: unmarked(members.textsOrNumbers('properties') ?? {}),
    isAnonymous: members.flag('isAnonymous'),
    isArchived: members.flag('isArchived') ?? false,
    ...kind.read(members, name),
  });
  checkShape(kind.rules.version, { properties: body });
  return wanted;
}

/** Clients send back what they were shown. */
function unmarked({ [LOST_MARK]: _mark, ...properties }: Json): Json {
  return properties;
}

/** The properties of a container body. */
export function readContainer(kind: AssetKind, body: Json): Json {
  const members = new Members(body);
  const wanted = defined({
    description: members.text('description'),
    tags: members.texts('tags') ?? {},
    properties: members.texts('properties') ?? {},
    isArchived: members.flag('isArchived') ?? false,
    ...kind.readContainer?.(members),
  });
  checkShape(kind.rules.container, { properties: body });
  return wanted;
}

/** What a version becomes by a second PUT: paths and other fixed members stay, properties are only added to. */
export function mergeVersion(kind: AssetKind, current: Json | undefined, wanted: Json): Json {
  if (current === undefined) return { isAnonymous: false, ...wanted };
  const fixed = [...(kind.pathMember ? [kind.pathMember] : []), ...(kind.fixed ?? []), 'isAnonymous'];
  for (const member of fixed) {
    const isChanged = wanted[member] !== undefined && !isDeepStrictEqual(wanted[member], current[member]);
    if (isChanged) throw changed(kind, member);
  }
  const kept = Object.fromEntries(
    fixed.filter((member) => member in current).map((member) => [member, current[member]]),
  );
  return { ...wanted, ...kept, properties: addedTo(kind, current.properties, wanted.properties) };
}

function addedTo(kind: AssetKind, current: unknown, wanted: unknown): Json {
  const known = isObject(current) ? current : {};
  const added = isObject(wanted) ? wanted : {};
  for (const [key, value] of Object.entries(added)) {
    if (Object.hasOwn(known, key) && known[key] !== value) {
      throw userError(
        `The property '${key}' of an existing ${kind.noun} version cannot be changed; properties can only be added.`,
      );
    }
  }
  return { ...known, ...added };
}

function changed(kind: AssetKind, member: string): Error {
  if (member === kind.pathMember) return userError('Asset paths cannot be updated.');
  return userError(`The member '${member}' of an existing ${kind.noun} version cannot be changed.`);
}
