export type { ApprovalView, BuildSource, BuildView, TimelineView } from './builds.ts';
export { startDevOps } from './server.ts';
export type { DevOpsServer } from './server.ts';
