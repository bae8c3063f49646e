import { closestMatch } from 'leven';

/** `Did you mean 'x'?`, when one of the known words is near enough to the one that was written; otherwise all of them. */
export function suggestion(written: string, known: readonly string[]): string {
  const near = closestMatch(written.toLowerCase(), known, {
    maxDistance: Math.max(2, Math.floor(written.length / 2)),
  });
  const exact = known.find((word) => word.toLowerCase() === written.toLowerCase());
  const word = exact ?? near;
  return word === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean '${word}'?`;
}
