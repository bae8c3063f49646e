import { differences } from './difference.ts';
import type { Example } from './documents.ts';
import { normal } from './normal.ts';
import { isRefused, type Outcome } from './outcome.ts';

/** Everything both sides send for a file, and where they differ. */
export function showSides(example: Example, reference: Outcome, ours: Outcome): string {
  const differing =
    isRefused(reference) || isRefused(ours) ? [] : differences(normal(reference.sent), normal(ours.sent));
  return [
    `=== ${example.name} (${example.kind}, read as ${example.use})`,
    '--- reference',
    textOf(reference),
    '--- ours',
    textOf(ours),
    '--- differences',
    ...differing.map((one) => JSON.stringify(one, null, 2)),
  ].join('\n');
}

function textOf(outcome: Outcome): string {
  if (isRefused(outcome)) return outcome.refused;
  const { path, body, assets, blobs } = normal(outcome.sent);
  return JSON.stringify({ path, body, assets: Object.fromEntries(assets), blobs }, null, 2);
}
