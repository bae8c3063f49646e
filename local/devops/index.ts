export type {
  ApprovalView,
  ArtifactView,
  AttachmentView,
  BuildSource,
  BuildView,
  IssueView,
  Person,
  RecordResult,
  TimelineView,
} from './builds.ts';
export { startDevOps } from './server.ts';
export type { DevOpsOptions, DevOpsServer } from './server.ts';
