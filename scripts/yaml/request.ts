/** One request that would be sent: to the workspace with a body, or to its storage. */
export interface Request {
  readonly method: string;
  /** Below the workspace, such as `/jobs/x`; absent for storage. */
  readonly path?: string;
  readonly body?: unknown;
  /** Path of a blob, with its container. */
  readonly blob?: string;
}
