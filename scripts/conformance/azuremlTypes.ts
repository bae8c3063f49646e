import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The published types of one api-version, as a list whose entries refer to each other by index. */
export type ApiVersion = '2022-10-01' | '2024-10-01' | '2025-12-01' | '2026-03-15-preview';

interface Reference {
  readonly $ref: string;
}

interface Member {
  readonly type: Reference;
  readonly flags?: number;
}

interface BicepType {
  readonly $type: string;
  readonly name?: string;
  readonly value?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Member>>;
  readonly additionalProperties?: Reference;
  readonly discriminator?: string;
  readonly baseProperties?: Readonly<Record<string, Member>>;
  readonly elements?: readonly Reference[] | Readonly<Record<string, Reference>>;
  readonly itemType?: Reference;
  readonly body?: Reference;
  readonly output?: Reference;
  readonly input?: Reference;
  readonly resourceType?: string;
}

const REQUIRED = 1;
const READ_ONLY = 2;
const WRITE_ONLY = 4;
/** Members that bicep adds to every resource and no answer has. */
const NOT_IN_ANSWERS = new Set(['apiVersion']);

/** Checks answers (members the service fills allowed, secrets not) or request bodies (the other way round). */
type Direction = 'answer' | 'request';

/** What is wrong with a value, one sentence per finding; empty when it agrees with the published type. */
type Findings = readonly string[];

const root = fileURLToPath(new URL('../../../shared/azureml-api/types/', import.meta.url));
const loaded = new Map<ApiVersion, readonly BicepType[]>();

/**
 * Checks an answer for a resource such as `models/versions` (below `workspaces`) or `workspaces` itself: required
 * members are there, none is unknown, every value has its type.
 */
export function checkAnswer(resource: string, body: unknown, version: ApiVersion = '2025-12-01'): Findings {
  const types = typesOf(version);
  return check({ types, direction: 'answer' }, bodyOf(types, resource), body, resource);
}

/** Checks a request body for a resource; required are the members a client must send. */
export function checkRequest(resource: string, body: unknown, version: ApiVersion = '2025-12-01'): Findings {
  const types = typesOf(version);
  return check({ types, direction: 'request' }, bodyOf(types, resource), body, resource);
}

/** Checks what a function such as `listSecrets` of `datastores` answers. */
export function checkFunctionAnswer(
  resource: string,
  name: string,
  body: unknown,
  version: ApiVersion = '2025-12-01',
): Findings {
  const types = typesOf(version);
  const wanted = fullName(resource).toLowerCase();
  const found = types.find(
    (type) =>
      type.$type === 'ResourceFunctionType' &&
      type.name === name &&
      type.resourceType?.toLowerCase() === wanted,
  );
  if (!found?.output)
    throw new Error(`The published types of ${version} have no function ${name} of ${resource}.`);
  return check({ types, direction: 'answer' }, at(types, found.output), body, `${resource}/${name}`);
}

/** Members that only the service writes and that the answer lacks, down to the properties of its kind. */
export function unfilled(resource: string, body: unknown, version: ApiVersion = '2025-12-01'): Findings {
  const types = typesOf(version);
  const type = bodyOf(types, resource);
  const own = lacking(type.properties ?? {}, body, resource);
  const inner = type.properties?.['properties'];
  if (!inner || !isObject(body)) return own;
  return [
    ...own,
    ...lackingInKind(types, at(types, inner.type), body['properties'], `${resource}.properties`),
  ];
}

function lackingInKind(
  types: readonly BicepType[],
  type: BicepType,
  value: unknown,
  place: string,
): string[] {
  if (type.$type !== 'DiscriminatedObjectType') return lacking(type.properties ?? {}, value, place);
  const kind = isObject(value) ? String(value[type.discriminator ?? '']) : '';
  const reference = (type.elements as Readonly<Record<string, Reference>>)[kind];
  const base = lacking(type.baseProperties ?? {}, value, place);
  return reference ? [...base, ...lackingInKind(types, at(types, reference), value, place)] : base;
}

/** Null is a value of the service's own: nothing to tell. */
function lacking(members: Readonly<Record<string, Member>>, value: unknown, place: string): string[] {
  const held = isObject(value) ? value : {};
  return Object.entries(members)
    .filter(([name, { flags = 0 }]) => flags & READ_ONLY && !NOT_IN_ANSWERS.has(name) && !(name in held))
    .map(([name]) => `${place}.${name} is filled by the service and missing`);
}

/** Every resource of an api-version that can be written, without the provider's name; and every function of each. */
export function published(
  version: ApiVersion,
): readonly { resource: string; functions: readonly string[] }[] {
  const types = typesOf(version);
  const prefix = /^Microsoft\.MachineLearningServices\//;
  return types
    .filter((type) => type.$type === 'ResourceType')
    .map(({ name = '' }) => {
      const full = name.split('@')[0] ?? '';
      const functions = types
        .filter((type) => type.$type === 'ResourceFunctionType' && type.resourceType === full)
        .map((type) => type.name ?? '');
      return { resource: full.replace(prefix, ''), functions };
    });
}

/** The functions of one resource, such as `listKeys` of `workspaces/onlineEndpoints`. */
export function publishedFunctions(resource: string, version: ApiVersion): readonly string[] {
  return published(version).find((one) => one.resource === resource)?.functions ?? [];
}

interface Checking {
  readonly types: readonly BicepType[];
  readonly direction: Direction;
}

function check(checking: Checking, type: BicepType, value: unknown, place: string): string[] {
  switch (type.$type) {
    case 'AnyType':
      return [];
    case 'StringType':
      return expect(typeof value === 'string', place, 'a string', value);
    case 'StringLiteralType':
      return expect(value === type.value, place, `'${type.value}'`, value);
    case 'IntegerType':
      return expect(typeof value === 'number', place, 'a number', value);
    case 'BooleanType':
      return expect(typeof value === 'boolean', place, 'a boolean', value);
    case 'ArrayType':
      return checkList(checking, type, value, place);
    case 'UnionType':
      return checkUnion(checking, type, value, place);
    case 'ObjectType':
      return isObject(value)
        ? checkMembers(checking, type, type.properties ?? {}, value, place)
        : expect(false, place, 'an object', value);
    case 'DiscriminatedObjectType':
      return isObject(value)
        ? checkDiscriminated(checking, type, value, place)
        : expect(false, place, 'an object', value);
    default:
      return [`${place}: the published type ${type.$type} is not known to this check`];
  }
}

function checkList(checking: Checking, type: BicepType, value: unknown, place: string): string[] {
  if (!Array.isArray(value) || !type.itemType) return expect(false, place, 'a list', value);
  const item = at(checking.types, type.itemType);
  return value.flatMap((one: unknown, index) => check(checking, item, one, `${place}[${index}]`));
}

function checkUnion(checking: Checking, type: BicepType, value: unknown, place: string): string[] {
  const options = (type.elements as readonly Reference[]).map((one) => at(checking.types, one));
  if (options.some((option) => check(checking, option, value, place).length === 0)) return [];
  return expect(
    false,
    place,
    `one of ${options.map((option) => option.value ?? option.$type).join(', ')}`,
    value,
  );
}

function checkDiscriminated(
  checking: Checking,
  type: BicepType,
  value: Record<string, unknown>,
  place: string,
): string[] {
  const { discriminator = '', baseProperties = {} } = type;
  const kinds = type.elements as Readonly<Record<string, Reference>>;
  const kind = kinds[String(value[discriminator])];
  if (!kind)
    return expect(
      false,
      `${place}.${discriminator}`,
      `one of ${Object.keys(kinds).join(', ')}`,
      value[discriminator],
    );
  const own = at(checking.types, kind);
  // Kinds may be divided further, such as sweep jobs by their sampling.
  if (own.$type === 'DiscriminatedObjectType') return checkDiscriminated(checking, own, value, place);
  return checkMembers(checking, own, { ...baseProperties, ...own.properties }, value, place);
}

function checkMembers(
  checking: Checking,
  type: BicepType,
  members: Readonly<Record<string, Member>>,
  value: Record<string, unknown>,
  place: string,
): string[] {
  const missing = Object.entries(members)
    .filter(([name, member]) => isNeeded(checking, name, member.flags ?? 0) && isAbsent(value[name]))
    .map(([name]) => `${place}.${name} is required and missing`);
  const others = Object.entries(value).flatMap(([name, inner]) => {
    const member = members[name];
    if (member) return isAbsent(inner) ? [] : checkMember(checking, member, inner, `${place}.${name}`);
    if (type.additionalProperties)
      return check(checking, at(checking.types, type.additionalProperties), inner, `${place}.${name}`);
    return [`${place}.${name} is not a published member of ${type.name ?? 'this object'}`];
  });
  return [...missing, ...others];
}

function checkMember(checking: Checking, member: Member, value: unknown, place: string): string[] {
  const flags = member.flags ?? 0;
  if (checking.direction === 'answer' && flags & WRITE_ONLY)
    return [`${place} is only written, never answered`];
  return check(checking, at(checking.types, member.type), value, place);
}

function isNeeded({ direction }: Checking, name: string, flags: number): boolean {
  if (!(flags & REQUIRED) || NOT_IN_ANSWERS.has(name)) return false;
  if (direction === 'answer') return !(flags & WRITE_ONLY);
  // The name stands in the path of a request.
  return !(flags & READ_ONLY) && name !== 'name';
}

/** Null is how the service answers "nothing". */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function expect(holds: boolean, place: string, what: string, value: unknown): string[] {
  return holds ? [] : [`${place} should be ${what}, not ${JSON.stringify(value)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bodyOf(types: readonly BicepType[], resource: string): BicepType {
  const wanted = fullName(resource).toLowerCase();
  const found = types.find(
    (type) =>
      type.$type === 'ResourceType' && type.name?.split('@')[0]?.toLowerCase() === wanted && type.body,
  );
  if (!found?.body) throw new Error(`The published types have no resource ${resource}.`);
  return at(types, found.body);
}

function fullName(resource: string): string {
  const path = /^(workspaces|registries|locations)(\/|$)/.test(resource)
    ? resource
    : `workspaces/${resource}`;
  return `Microsoft.MachineLearningServices/${path}`;
}

function at(types: readonly BicepType[], reference: Reference): BicepType {
  const type = types[Number(reference.$ref.split('/').at(-1))];
  if (!type) throw new Error(`The published types refer to ${reference.$ref}, which is not there.`);
  return type;
}

function typesOf(version: ApiVersion): readonly BicepType[] {
  const known = loaded.get(version);
  if (known) return known;
  const file = path.join(root, `${version}.json`);
  if (!existsSync(file))
    throw new Error(`The published API types are needed for this check, but ${file} is missing.`);
  const types = JSON.parse(readFileSync(file, 'utf8')) as readonly BicepType[];
  loaded.set(version, types);
  return types;
}
