export { startWorkspace } from './start.ts';
export { readAddress } from './address.ts';
export type { RunningWorkspace, WorkspaceAddress, WorkspaceOptions } from './address.ts';
