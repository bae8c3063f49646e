export type { ApprovalView, BuildSource, BuildView, TimelineView } from './builds.ts';
export type * from './releases.ts';
export { startDevOps } from './server.ts';
export type { DevOpsServer } from './server.ts';
export type { IncomingWebhook } from './webhooks.ts';
