import path from 'node:path';
import type { RunOutcome } from '../execute/options.ts';
import type { RunRecord, StageRecord, StepRecord } from '../record/model.ts';
import { elapsed, stateMark, stateWord } from './states.ts';
import type { Style } from './style.ts';
import { plainLine, plainLines } from './text.ts';

/** What a person sees at the end: how everything ended, what steps set, where things lie, how to go on. */
export function summaryLines(
  run: RunRecord,
  outcome: RunOutcome,
  continueWith: string | undefined,
  now: Date,
  style: Style,
): string[] {
  const folder = outcome.recordFolder;
  return [
    '',
    style.bold(`Run ${plainLine(run.name)} of ${plainLine(run.pipeline.name)}: ${stateWord(run)}`) +
      ` (${elapsed(run, now)})`,
    ...run.issues.flatMap((issue) => issueLines(issue, style)),
    ...run.stages.flatMap((stage) => stageLines(stage, now, style)),
    ...section('Outputs', outputsOf(run), style),
    ...section('Evidence and attachments', attachmentsOf(run, folder), style),
    ...section('Artifacts', artifactsOf(run, folder), style),
    `Record: ${path.join(folder, 'run.json')}`,
    ...waitingLines(outcome, continueWith, style),
  ];
}

function stageLines(stage: StageRecord, now: Date, style: Style): string[] {
  const time = elapsed(stage, now);
  const head = `${stateMark(stage, style)} ${plainLine(stage.displayName)}: ${stateWord(stage)}${time ? ` (${time})` : ''}`;
  const approvals = stage.approvals.map((one) => {
    const by = one.decidedBy ? ` by ${plainLine(one.decidedBy.displayName)}` : '';
    const comment = one.comment ? `: ${plainLine(one.comment)}` : '';
    return `    approval of '${plainLine(one.environment)}': ${one.status}${by}${comment}`;
  });
  const issues = [stage.issues, ...stage.jobs.map((job) => job.issues)].flat();
  return [
    head,
    ...approvals,
    ...issues.flatMap((issue) => issueLines(issue, style)),
    ...stage.jobs.flatMap((job) => job.steps).flatMap((step) => troubleOf(step, style)),
  ];
}

/** A step is named when it said something went wrong, or ended badly. */
function troubleOf(step: StepRecord, style: Style): string[] {
  const isBad = step.result === 'failed' || step.result === 'canceled';
  if (!isBad && step.issues.length === 0) return [];
  const more = step.errorCount + step.warningCount - step.issues.length;
  return [
    `    ${stateMark(step, style)} ${plainLine(step.displayName)}: ${stateWord(step)}${step.log ? ` (${step.log})` : ''}`,
    ...step.issues.flatMap((issue) => issueLines(issue, style)),
    ...(more > 0 ? [`      and ${more} more in the log`] : []),
  ];
}

function issueLines(
  { type, message }: { type: 'error' | 'warning'; message: string },
  style: Style,
): string[] {
  const paint = type === 'error' ? style.red : style.yellow;
  return plainLines(message).map((line, index) => paint(`      ${index === 0 ? `${type}: ` : '  '}${line}`));
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length > 0 ? [style.bold(title), ...lines.map((line) => `  ${line}`)] : [];
}

function stepsOf(run: RunRecord): { stage: StageRecord; step: StepRecord }[] {
  return run.stages.flatMap((stage) =>
    stage.jobs.flatMap((job) => job.steps.map((step) => ({ stage, step }))),
  );
}

function outputsOf(run: RunRecord): string[] {
  return stepsOf(run).flatMap(({ stage, step }) =>
    step.outputs.map((one) => plainLine(`${stage.name} ${step.refName}.${one.name} = ${oneLine(one.value)}`)),
  );
}

function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? JSON.stringify(value) : value;
}

function attachmentsOf(run: RunRecord, folder: string): string[] {
  return stepsOf(run).flatMap(({ stage, step }) =>
    step.attachments.map((one) =>
      plainLine(`${stage.name} ${step.refName} ${one.name}: ${path.join(folder, one.file)}`),
    ),
  );
}

function artifactsOf(run: RunRecord, folder: string): string[] {
  return run.artifacts.map((one) =>
    plainLine(`${one.name}: ${one.folder ? path.join(folder, one.folder) : (one.location ?? '')}`),
  );
}

function waitingLines(outcome: RunOutcome, continueWith: string | undefined, style: Style): string[] {
  if (outcome.state !== 'waiting') return [];
  const names = outcome.approvals.map((one) => `'${one.environment}'`).join(', ');
  const line = `The run waits for the approval of ${names}; everything is kept.`;
  return ['', style.yellow(line), ...(continueWith ? ['Continue it with:', `  ${continueWith}`] : [])];
}
