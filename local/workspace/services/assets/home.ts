import type { Context } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../../context.ts';
import { workspacePath, type registryPath } from '../../server/paths.ts';
import { openAssets, type AssetStore } from './assetStore.ts';
import type { AssetType } from './records.ts';

/** Who has assets: the workspace, or a registry. */
export interface AssetOwner {
  /** The ARM id that the ids of its assets begin with. */
  readonly id: string;
  /** ARM's word for what it is. */
  readonly type: string;
  readonly assets: AssetStore;
  /** The workspace, with the part of its store that is the owner's. */
  readonly context: WorkspaceContext;
}

/** Where the assets of one type are asked for, and whose they are. */
export interface AssetHome {
  readonly path: typeof workspacePath | typeof registryPath;
  /** Throws when the owner that a request names is not there. */
  owner(request: Context<WorkspaceEnv>): AssetOwner;
  /** Headers of an answer to a write; registries write by operations that are followed. */
  written?(): Promise<Readonly<Record<string, string>>>;
}

/** The workspace as the home of its own assets. */
export function workspaceHome(context: WorkspaceContext, type: AssetType): AssetHome {
  const owner = workspaceOwner(context, type);
  return { path: workspacePath, owner: () => owner };
}

export function workspaceOwner(context: WorkspaceContext, type: AssetType): AssetOwner {
  return {
    id: workspaceId(context.identity),
    type: 'Microsoft.MachineLearningServices/workspaces',
    assets: openAssets(context, type),
    context,
  };
}
