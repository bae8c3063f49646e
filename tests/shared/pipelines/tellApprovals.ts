import { approvalsOfStage } from '../../../shared/pipelines/index.ts';

/** Started by a test in an agent's environment: prints what the task would find. */
approvalsOfStage().then(
  (approvals) => process.stdout.write(`\nAPPROVALS ${JSON.stringify(approvals)}\n`),
  (error: unknown) => process.stdout.write(`\nFAILED ${String(error)}\n`),
);
