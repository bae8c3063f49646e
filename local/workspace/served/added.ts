/** A workspace that was made by a request, beside the one made at start. */
export interface AddedWorkspace {
  readonly name: string;
  readonly workspaceId: string;
  /** ISO time. */
  readonly createdAt: string;
  readonly location: string;
}
