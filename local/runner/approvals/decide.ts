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
  /** Aborts when the answer comes from elsewhere. */
  readonly answered?: AbortSignal;
}

/** Answers an approval: from what was said beforehand, by asking, or not at all. */
export type Decide = (question: ApprovalQuestion) => Promise<Decision>;

/** What was said beforehand about an environment or a release's stage; a rejection wins over an approval. */
export function answerGiven(
  answers: ApprovalAnswers | undefined,
  { environment, when }: Pick<ApprovalRecord, 'environment' | 'when'>,
): 'approved' | 'rejected' | undefined {
  if (!answers) return undefined;
  const names = [environment, ...(when ? [`${environment}:${when}`] : [])].map((name) => name.toLowerCase());
  const isNamed = (list: 'all' | readonly string[]): boolean =>
    list === 'all' || list.some((one) => names.includes(one.toLowerCase()));
  if (isNamed(answers.reject)) return 'rejected';
  return isNamed(answers.approve) ? 'approved' : undefined;
}
