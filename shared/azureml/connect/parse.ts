/** Small readers for JSON that came from outside: they give the value when it has the type, and nothing otherwise. */
export type Json = Readonly<Record<string, unknown>>;

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Members whose value is text; numbers and booleans as their text, everything else left out. */
export function texts(value: unknown): Record<string, string> {
  const scalar = (item: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof item);
  return Object.fromEntries(
    Object.entries(record(value))
      .filter(([, item]) => scalar(item))
      .map(([key, item]) => [key, String(item)]),
  );
}

export function numbers(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(record(value)).flatMap(([key, item]) =>
      typeof item === 'number' ? [[key, item] as const] : [],
    ),
  );
}
