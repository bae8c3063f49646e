export { startWorkspace } from './start.ts';
export { readAddress, trustIssuer } from './address.ts';
export type { RunningWorkspace, WorkspaceAddress, WorkspaceOptions } from './address.ts';
