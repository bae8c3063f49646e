/** One entry of ARM's `error.details`. */
interface Detail {
  readonly code?: unknown;
  readonly message?: unknown;
  /** What that detail's service was told by the next one. */
  readonly details?: unknown;
}

/**
 * The reason that ARM's envelope hides: behind "The request is invalid." the inference service puts its own answer as
 * JSON text into the message of a detail. Codes that only say that this happened (`InferencingClient...`) give way to
 * one that says what is wrong.
 */
export function reasonIn(details: unknown): { code?: string; message?: string } {
  const all = innermost(details);
  const messages = all.flatMap(({ message }) => (typeof message === 'string' ? plainWords(message) : []));
  const codes = all.flatMap(({ code }) => (typeof code === 'string' ? [code] : []));
  const code = codes.find((one) => !one.startsWith('InferencingClient'));
  const message = [...new Set(messages)].join(' ');
  return { ...(code && { code }), ...(message && { message }) };
}

/** An entry that has details of its own only repeats that something is wrong. */
function innermost(details: unknown): readonly Detail[] {
  const all = Array.isArray(details) ? (details as (Detail | null)[]) : [];
  return all.flatMap((detail) => {
    if (detail === null || typeof detail !== 'object') return [];
    const inner = innermost(detail.details);
    return inner.length > 0 ? inner : [detail];
  });
}

/** A message's own words, or those of the validation errors in the JSON it carries. */
function plainWords(message: string): string[] {
  const start = message.indexOf('{');
  if (start < 0) return [message];
  try {
    const { errors, title } = JSON.parse(message.slice(start)) as { errors?: object; title?: string };
    const words = Object.values(errors ?? {})
      .flat()
      .map(String);
    return words.length > 0 ? words : title ? [title] : [message];
  } catch {
    return [message];
  }
}
