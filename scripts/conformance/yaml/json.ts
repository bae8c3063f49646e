/** JSON with the members of every mapping in order of their names. */
export function sortedJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) => (isMap(member) ? sorted(member) : member)) ?? 'undefined'
  );
}

export type JsonMap = Readonly<Record<string, unknown>>;

export function isMap(value: unknown): value is JsonMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function sorted(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
