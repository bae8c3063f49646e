import { Problem } from '../../../../shared/problem/index.ts';
import type { Place } from '../../plan.ts';
import type { Findings } from '../../read/findings.ts';

interface Refusal {
  /** Starts the sentence. */
  readonly what: string;
  readonly next: string;
  readonly places: Place[];
}

/** So many further ways are written out; a file with hundreds of uses is known by then. */
const MOST = 20;

/** What is not offered here and may be used again and again: named once, with the ways to all its uses. */
export class Refusals {
  private readonly all = new Map<string, Refusal>();

  /** Uses of one key are one thing. */
  add(key: string, place: Place, what: string, next: string): void {
    const known = this.all.get(key);
    if (known) known.places.push(place);
    else this.all.set(key, { what, next, places: [place] });
  }

  report(findings: Findings): void {
    for (const { what, next, places } of this.all.values()) {
      const [first, ...others] = places;
      const message = `${what} is not supported by the local runner.${alsoAt(first, others)}`;
      findings.add(
        new Problem({ code: 'unsupported', message, next, ...(first && { place: { ...first } }) }),
      );
    }
  }
}

function alsoAt(first: Place | undefined, others: readonly Place[]): string {
  const ways = [...new Set(others.map(({ path = '' }) => path))].filter((path) => path !== first?.path);
  if (ways.length === 0) return '';
  const rest = ways.length > MOST ? ` and ${ways.length - MOST} more` : '';
  return ` It is also at ${ways.slice(0, MOST).join(', ')}${rest}.`;
}
