import type { ApprovalAnswers, Person } from '../execute/options.ts';
import type { ApprovalRecord, RunRecord, StageRecord } from '../record/model.ts';

/** An answer to one approval, or none: then the run waits. */
export type Decision =
  | { readonly status: 'approved' | 'rejected'; readonly by: Person; readonly comment: string | undefined }
  | { readonly status: 'canceled' }
  | undefined;

export interface ApprovalQuestion {
  readonly run: RunRecord;
  readonly stage: StageRecord;
  readonly approval: ApprovalRecord;
  /** The stages whose outputs the asking stage reads: what they say decides what it will do. */
  readonly readsFrom: readonly string[];
}

/** Answers an approval: from what was said beforehand, by asking, or not at all. */
export type Decide = (question: ApprovalQuestion) => Promise<Decision>;

/** What was said beforehand about an environment; a rejection wins over an approval. */
export function answerGiven(
  answers: ApprovalAnswers | undefined,
  environment: string,
): 'approved' | 'rejected' | undefined {
  if (!answers) return undefined;
  if (names(answers.reject, environment)) return 'rejected';
  return names(answers.approve, environment) ? 'approved' : undefined;
}

function names(list: 'all' | readonly string[], environment: string): boolean {
  return list === 'all' || list.some((one) => one.toLowerCase() === environment.toLowerCase());
}
