/** One request as either side sends it: to the workspace with a body, or to its storage. */
export interface Request {
  readonly method: string;
  /** Below the workspace, such as `/jobs/x`; absent for storage. */
  readonly path?: string;
  readonly body?: unknown;
  /** Path of a blob, with its container. */
  readonly blob?: string;
}

/** What a side does with a file: sends requests, the last of which creates the resource, or refuses it. */
export type Outcome = { readonly sent: readonly Request[] } | { readonly refused: string };

export function isRefused(outcome: Outcome): outcome is { readonly refused: string } {
  return 'refused' in outcome;
}
