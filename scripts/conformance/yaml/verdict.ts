import { sameCause } from './cause.ts';
import { differences, type Difference } from './difference.ts';
import type { Example } from './documents.ts';
import { normal } from './normal.ts';
import { isRefused, type Outcome } from './outcome.ts';

export type Judgement =
  'same' | 'both refuse' | 'different' | 'only ours refuses' | 'only the reference refuses';
export const JUDGEMENTS: readonly Judgement[] = [
  'same',
  'both refuse',
  'different',
  'only ours refuses',
  'only the reference refuses',
];

export interface Verdict {
  readonly example: Example;
  readonly judgement: Judgement;
  readonly differences: readonly Difference[];
  /** Why a side refuses, in its own words. */
  readonly reasons: { readonly reference?: string; readonly ours?: string };
  /** What the published schema says against our bodies. */
  readonly schemaProblems: readonly string[];
}

type Compared = Pick<Verdict, 'judgement' | 'differences' | 'reasons'>;

/** What the two sides did with a file, compared. */
export function compare(reference: Outcome, ours: Outcome): Compared {
  if (isRefused(reference)) return refusedByReference(reference.refused, ours);
  if (isRefused(ours))
    return { judgement: 'only ours refuses', differences: [], reasons: { ours: ours.refused } };
  const found = differences(normal(reference.sent), normal(ours.sent));
  return { judgement: found.length === 0 ? 'same' : 'different', differences: found, reasons: {} };
}

function refusedByReference(reference: string, ours: Outcome): Compared {
  if (!isRefused(ours))
    return { judgement: 'only the reference refuses', differences: [], reasons: { reference } };
  const reasons = { reference, ours: ours.refused };
  if (sameCause(reference, ours.refused)) return { judgement: 'both refuse', differences: [], reasons };
  const cause = {
    path: '(cause of the refusal)',
    reference: firstLine(reference),
    ours: firstLine(ours.refused),
  };
  return { judgement: 'different', differences: [cause], reasons };
}

export function firstLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 237)}...` : line;
}
