import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Masker } from '../agent/variables/masker.ts';
import type { JobTraces } from '../agent/traces.ts';
import type { JobRecord, StageRecord, StepRecord } from './model.ts';
import type { Recorder } from './recorder.ts';
import { maskIssue, traceStep } from './stepTraces.ts';

/** Writes the traces of a job's steps, in folders named by stage, job and step. */
export function traceJob(
  stage: StageRecord,
  job: JobRecord,
  hook: string | undefined,
  masker: Masker,
  recorder: Recorder,
): JobTraces {
  return {
    addStep(info) {
      const step: StepRecord = {
        id: randomUUID(),
        ...info,
        displayName: masker.mask(info.displayName),
        ...(hook && { hook }),
        state: 'pending',
        issues: [],
        errorCount: 0,
        warningCount: 0,
        attachments: [],
        outputs: [],
        details: [],
      };
      job.steps.push(step);
      const position = { stage, job, step };
      recorder.tell.step(position);
      return traceStep(position, placeOf(stage, job, step), masker, recorder);
    },
    issue(issue) {
      job.issues.push(maskIssue(issue, masker));
      recorder.tell.job(stage, job);
    },
  };
}

/** `<stage>/<job>/<number>-<step>`; a later attempt of a stage has a folder of its own. */
function placeOf(stage: StageRecord, job: JobRecord, step: StepRecord): string {
  const number = String(job.steps.indexOf(step) + 1).padStart(2, '0');
  const attempt = stage.attempt > 1 ? `${stage.name}.${stage.attempt}` : stage.name;
  return path.posix.join(fileName(attempt), fileName(job.name), `${number}-${fileName(step.refName)}`);
}

/** Names in a release may be any text; none leads out of the record's folder, and two stay two. */
function fileName(name: string): string {
  if (/^\w[\w .-]{0,80}$/.test(name) && /[^ .]$/.test(name)) return name;
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replace(/[^\w-]+/g, '_').slice(0, 60)}-${mark}`;
}
