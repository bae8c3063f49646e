import type { RunOutcome, RunResult } from '../../execute/options.ts';
import type { RunRecord } from '../../record/model.ts';
import { markFinished, type Recorder } from '../../record/recorder.ts';

/** Writes down how a release stopped. It never ends for good: a stage may be deployed again. */
export function finishRelease(
  run: RunRecord,
  folder: string,
  recorder: Recorder,
  isCanceled: boolean,
): RunOutcome {
  const waiting = run.stages.filter((stage) => stage.state === 'waiting');
  const approvals = waiting.flatMap((stage) =>
    stage.approvals
      .filter((one) => one.status === 'pending')
      .slice(0, 1)
      .map(({ environment }) => ({ stage: stage.name, environment })),
  );
  if (approvals.length > 0) {
    run.state = 'waiting';
    recorder.tell.run(run);
    recorder.save();
    return { state: 'waiting', approvals, recordFolder: folder };
  }
  const result = isCanceled ? 'canceled' : resultOf(run);
  markFinished(run, recorder.clock);
  run.state = 'completed';
  run.result = result;
  recorder.tell.run(run);
  recorder.save();
  return { state: 'completed', result, recordFolder: folder };
}

/** Stages nobody started say nothing about those that ran. */
function resultOf({ stages }: RunRecord): RunResult {
  const results = stages.map((stage) => stage.result);
  const worst = (['canceled', 'failed', 'succeededWithIssues'] as const).find((one) => results.includes(one));
  return worst ?? 'succeeded';
}
