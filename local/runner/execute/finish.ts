import { rm } from 'node:fs/promises';
import path from 'node:path';
import { markFinished, recordResult, type Recorder } from '../record/recorder.ts';
import type { RunRecord } from '../record/model.ts';
import type { PendingApproval, RunOutcome, RunResult } from './options.ts';
import { worst, type StageEnd } from './results.ts';
import { removeState } from './state.ts';

interface Ending {
  readonly run: RunRecord;
  readonly folder: string;
  readonly ends: ReadonlyMap<string, StageEnd>;
}

/** Writes down how a run stopped: waiting, with all that is needed to go on, or completed, without it. */
export async function finishRun(
  { run, folder, ends }: Ending,
  recorder: Recorder,
  canceled: boolean,
): Promise<RunOutcome> {
  const approvals = pendingIn(run);
  if (approvals.length > 0) {
    run.state = 'waiting';
    recorder.tell.run(run);
    recorder.save();
    return { state: 'waiting', approvals, recordFolder: folder };
  }
  const result = canceled ? 'canceled' : resultOf(ends);
  markFinished(run, recorder.clock);
  run.state = 'completed';
  run.result = result;
  recorder.tell.run(run);
  recorder.save();
  removeState(folder);
  await rm(path.join(folder, 'sources'), { recursive: true, force: true });
  return { state: 'completed', result, recordFolder: folder };
}

function pendingIn(run: RunRecord): PendingApproval[] {
  const waiting = run.stages.filter((stage) => stage.state === 'waiting');
  return waiting.flatMap((stage) =>
    stage.approvals
      .filter((one) => one.status === 'pending')
      .map(({ environment }) => ({ stage: stage.name, environment })),
  );
}

/** A run whose stages were all skipped has succeeded. */
function resultOf(ends: ReadonlyMap<string, StageEnd>): RunResult {
  const result = recordResult(worst([...ends.values()].map((end) => end.result)));
  return result === 'skipped' || result === 'abandoned' ? 'succeeded' : result;
}
