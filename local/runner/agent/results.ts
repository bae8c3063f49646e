/** How a step, job or stage ended, in the agent's own words. */
export type TaskResult =
  'Succeeded' | 'SucceededWithIssues' | 'Failed' | 'Canceled' | 'Skipped' | 'Abandoned';

export const TASK_RESULTS: readonly TaskResult[] = [
  'Succeeded',
  'SucceededWithIssues',
  'Failed',
  'Canceled',
  'Skipped',
  'Abandoned',
];

const BADNESS: readonly TaskResult[] = ['Succeeded', 'SucceededWithIssues', 'Failed'];

/** The worse of two results; Canceled, Skipped and Abandoned stick (TaskResultUtil.MergeTaskResults). */
export function mergeResults(current: TaskResult | undefined, coming: TaskResult): TaskResult {
  if (current === undefined) return coming;
  if (!BADNESS.includes(current)) return current;
  if (!BADNESS.includes(coming)) return coming;
  return BADNESS.indexOf(coming) > BADNESS.indexOf(current) ? coming : current;
}
