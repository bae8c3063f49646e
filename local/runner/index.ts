export type { ApprovalAnswers, RunOptions, RunOutcome, RunSettings } from './execute/options.ts';
export type { ServiceConnection } from './connections.ts';
export { listenForInterrupts } from './execute/interrupts.ts';
export { continueRun, predefinedVariables, runPipeline } from './execute/start.ts';
export type { RunRecord } from './record/model.ts';
