import { isObject, type Json, type JsonObject } from './json.ts';

/** One field that will change; undefined on a side where it does not stand. */
export interface FieldChange {
  /** Dotted path, such as `properties.environmentId`. */
  readonly field: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Maps whose keys the user owns: a key that is no longer wanted goes away. Elsewhere the service adds defaults of its own. */
const OWNED = ['environmentVariables', 'tags'];
/** Values here may be secrets: only that they change is told. */
const HIDDEN = 'environmentVariables';

/** What has to change to get from `now` (undefined: nothing there) to `wanted`, field by field, in order of the fields. */
export function differences(wanted: JsonObject, now: JsonObject | undefined): readonly FieldChange[] {
  const want = leaves(wanted);
  const have = leaves(now ?? {});
  const changed = [...want].filter(([field, value]) => have.get(field) !== value);
  const gone = [...have.keys()].filter((field) => !want.has(field) && isOwned(field));
  return [
    ...changed.map(([field, to]) => ({ field, from: shown(field, have.get(field)), to: shown(field, to) })),
    ...gone.map((field) => ({ field, from: shown(field, have.get(field)), to: undefined })),
  ].sort((one, other) => (one.field < other.field ? -1 : 1));
}

function shown(field: string, value: string | undefined): string | undefined {
  return value !== undefined && field.split('.').includes(HIDDEN) ? '(value not shown)' : value;
}

function isOwned(field: string): boolean {
  return field.split('.').some((part, index, parts) => OWNED.includes(part) && index < parts.length - 1);
}

function leaves(value: Json, path: readonly string[] = []): Map<string, string> {
  if (!isObject(value)) return new Map([[path.join('.'), textOf(value)]]);
  return new Map(
    Object.entries(value)
      // A member set to null says the same as one that is left out.
      .filter(([, member]) => member !== null)
      .flatMap(([key, member]) => [...leaves(member, [...path, key])]),
  );
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
