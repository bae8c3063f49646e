import type { JobRecord, RunRecord, StageRecord, StepRecord } from '../record/model.ts';
import { elapsed, progressOf, stateMark } from './states.ts';
import type { Style } from './style.ts';
import { fit, plainLine } from './text.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The area a person watches: all stages in one line, and the steps of every running job. */
export function liveArea(run: RunRecord, now: Date, size: Size, style: Style): string[] {
  const jobs = run.stages.flatMap((stage) =>
    stage.jobs.filter((job) => job.state === 'inProgress').map((job) => ({ stage, job })),
  );
  const heads = [stageLine(run, size.width, style)];
  const roomPerJob = Math.max(2, Math.floor((size.height - 4) / Math.max(1, jobs.length)) - 1);
  const details = jobs.flatMap(({ stage, job }) => [
    style.bold(fit(` ${jobTitle(stage, job)}  ${elapsed(job, now)}`, size.width - 1)),
    ...stepLines(job.steps, roomPerJob, now, size.width, style),
  ]);
  return ['', ...heads, ...details];
}

export function jobTitle(stage: StageRecord, job: JobRecord): string {
  const above = plainLine(stage.displayName);
  const name = plainLine(job.displayName);
  // A pipeline without stages has one that nobody named.
  return above === name || stage.name === '__default' ? name : `${above} / ${name}`;
}

function stageLine(run: RunRecord, width: number, style: Style): string {
  let left = width - 1;
  const parts: string[] = [];
  for (const stage of run.stages) {
    const name = fit(plainLine(stage.displayName), Math.max(1, left - 4));
    left -= name.length + 4;
    if (left < 0) break;
    parts.push(`${stateMark(stage, style)} ${name}`);
  }
  return parts.join('  ');
}

/** When there is no room for all steps, those that are done and those to come are counted. */
function stepLines(
  steps: readonly StepRecord[],
  room: number,
  now: Date,
  width: number,
  style: Style,
): string[] {
  const lineOf = (step: StepRecord): string => stepLine(step, now, width, style);
  if (steps.length <= room) return steps.map(lineOf);
  const done = steps.filter((step) => step.state === 'completed').length;
  const running = steps.filter((step) => step.state === 'inProgress');
  const pending = steps.length - done - running.length;
  return [style.dim(`   ${done} steps done, ${pending} to come`), ...running.map(lineOf)];
}

function stepLine(step: StepRecord, now: Date, width: number, style: Style): string {
  const time = elapsed(step, now);
  const about = step.state === 'inProgress' ? progressOf(step) : '';
  const text = [plainLine(step.displayName), time, about].filter(Boolean).join('  ');
  return `   ${stateMark(step, style)} ${fit(text, width - 6)}`;
}
