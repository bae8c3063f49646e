import type { JobRecord, RecordResult, RunRecord, StageRecord, StepRecord } from '../record/model.ts';
import type { Style } from './style.ts';
import { duration, plainLine } from './text.ts';

type Stateful = Pick<StageRecord | JobRecord | StepRecord | RunRecord, 'state'> & {
  readonly result?: RecordResult;
};

const RESULT_WORDS: Readonly<Record<RecordResult, string>> = {
  succeeded: 'succeeded',
  succeededWithIssues: 'succeeded with issues',
  failed: 'failed',
  canceled: 'canceled',
  skipped: 'skipped',
  abandoned: 'abandoned',
};

/** The state as one word or two. */
export function stateWord({ state, result }: Stateful): string {
  if (state === 'completed' && result) return RESULT_WORDS[result];
  return {
    pending: 'pending',
    waiting: 'waiting for approval',
    inProgress: 'running',
    completed: 'completed',
  }[state];
}

export function stateMark(record: Stateful, style: Style): string {
  if (record.state === 'waiting') return style.yellow('?');
  if (record.state === 'inProgress') return style.cyan('▶');
  if (record.state === 'pending') return style.dim('·');
  switch (record.result) {
    case 'succeeded':
      return style.green('✓');
    case 'succeededWithIssues':
      return style.yellow('!');
    case 'skipped':
      return style.dim('-');
    default:
      return style.red('✗');
  }
}

/** How long it took, or has been running; nothing for what never started. */
export function elapsed(record: { startTime?: string; durationInMs?: number }, now: Date): string {
  if (record.durationInMs !== undefined) return duration(record.durationInMs);
  return record.startTime ? duration(Math.max(0, now.getTime() - Date.parse(record.startTime))) : '';
}

/** `42 % copying files`, as far as it is known. */
export function progressOf(step: StepRecord): string {
  const percent = step.percentComplete === undefined ? '' : `${step.percentComplete} %`;
  return [percent, plainLine(step.currentOperation ?? '')].filter(Boolean).join(' ');
}
