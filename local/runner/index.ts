export type { ApprovalAnswers, RunOptions, RunOutcome, RunSettings } from './execute/options.ts';
export type { ServiceConnection } from './connections.ts';
export { listenForInterrupts } from './execute/interrupts.ts';
export { continueRun, predefinedVariables, runPipeline } from './execute/start.ts';
export type { RunRecord } from './record/model.ts';
export { continueRelease, runRelease } from './release/execute/start.ts';
export { isReleaseFile, readRelease } from './release/read/index.ts';
export type { ArtifactType, ReleaseOptions, ReleaseSettings } from './release/options.ts';
export type { ServerTaskEnd, ServerTaskRequest, ServerTasks } from './server/task.ts';
