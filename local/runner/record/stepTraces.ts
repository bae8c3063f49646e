import { copyFileSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Masker } from '../agent/variables/masker.ts';
import type { Detail, Issue, StepSink } from '../agent/state.ts';
import type { StepTraces } from '../agent/traces.ts';
import { openLog, type LogFile } from './log.ts';
import type { IssueRecord, StepRecord } from './model.ts';
import type { Position } from './observer.ts';
import { markFinished, markStarted, recordResult, type Recorder } from './recorder.ts';

/** A record keeps at most this many errors, and as many warnings; the rest is counted (and stands in the log). */
const MOST_ISSUES = 10;

/** Writes one step's traces: all text is masked here, before it is kept, shown or handed out. */
export function traceStep(position: Position, place: string, masker: Masker, recorder: Recorder): StepTraces {
  const { step } = position;
  let log: LogFile | undefined;
  const changed = (): void => recorder.tell.step(position);
  const line = (text: string): void => {
    const masked = masker.mask(text);
    log ??= openLog(
      path.join(recorder.folder, (step.log = path.posix.join('logs', `${place}.log`))),
      recorder.clock,
    );
    log.line(masked);
    recorder.tell.line(position, masked);
  };
  const sink: StepSink = {
    line,
    issue(issue) {
      keepIssue(step, maskIssue(issue, masker));
      for (const text of wordsOfIssue(issue)) line(`##[${issue.type}]${text}`);
      changed();
    },
    progress(percent, operation) {
      step.percentComplete = percent;
      if (operation !== undefined) step.currentOperation = masker.mask(operation);
      changed();
    },
    output(name, value, isSecret) {
      setNamed(step.outputs, { name, value: isSecret ? '***' : masker.mask(value), isSecret });
      changed();
    },
    attach(type, name, file) {
      attach(step, { type: masker.mask(type), name: masker.mask(name), file }, place, recorder.folder);
      changed();
    },
    detail(detail) {
      keepDetail(step, detail, masker);
      changed();
    },
  };
  return {
    id: step.id,
    sink,
    start(displayName) {
      markStarted(step, recorder.clock);
      step.displayName = masker.mask(displayName);
      step.state = 'inProgress';
      changed();
    },
    finish(result) {
      markFinished(step, recorder.clock);
      step.state = 'completed';
      step.result = recordResult(result);
      if (step.percentComplete !== undefined && result === 'Succeeded') step.percentComplete = 100;
      log?.close();
      log = undefined;
      changed();
    },
  };
}

export function maskIssue(issue: Issue, masker: Masker): IssueRecord {
  const { sourcePath } = issue;
  return {
    ...issue,
    message: masker.mask(issue.message),
    ...(sourcePath && { sourcePath: masker.mask(sourcePath) }),
  };
}

function keepIssue(step: StepRecord, issue: IssueRecord): void {
  const ofType = issue.type === 'error' ? ++step.errorCount : ++step.warningCount;
  if (ofType <= MOST_ISSUES) step.issues.push(issue);
}

/** With a source path an issue reads like a compiler's message. */
function wordsOfIssue({ type, message, sourcePath, line, column, code }: Issue): string[] {
  const lines = message.split(/\r\n|\n|\r/);
  if (!sourcePath) return lines;
  const place = `${sourcePath}(${line ?? 0},${column ?? 0}): ${type}${code ? ` ${code}` : ''}: `;
  return lines.map((text, index) => (index === 0 ? place + text : text));
}

function attach(
  step: StepRecord,
  given: { type: string; name: string; file: string },
  place: string,
  folder: string,
): void {
  // The mark of a masked part is no file name on Windows.
  const [typeFolder, fileName] = [given.type, given.name].map((part) => part.replaceAll('*', '_'));
  const file = path.posix.join('attachments', place, typeFolder ?? '', fileName ?? '');
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(given.file, target, constants.COPYFILE_FICLONE);
  const { type, name } = given;
  const before = step.attachments.findIndex((one) => one.type === type && one.name === name);
  step.attachments.splice(before < 0 ? step.attachments.length : before, 1, { type, name, file });
}

function keepDetail(step: StepRecord, detail: Detail, masker: Masker): void {
  const { name, result, ...rest } = detail;
  const record = {
    ...rest,
    ...(name && { name: masker.mask(name) }),
    ...(result && { result: recordResult(result) }),
  };
  const before = step.details.findIndex((one) => one.id === detail.id);
  step.details.splice(before < 0 ? step.details.length : before, 1, record);
}

function setNamed<T extends { readonly name: string }>(list: T[], item: T): void {
  const before = list.findIndex((one) => one.name.toLowerCase() === item.name.toLowerCase());
  list.splice(before < 0 ? list.length : before, 1, item);
}
