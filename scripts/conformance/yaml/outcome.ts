import type { Request } from '../../yaml/request.ts';

export type { Request };

/** What a side does with a file: sends requests, the last of which creates the resource, or refuses it. */
export type Outcome = { readonly sent: readonly Request[] } | { readonly refused: string };

export function isRefused(outcome: Outcome): outcome is { readonly refused: string } {
  return 'refused' in outcome;
}
