import type { JobResult, Status } from './context.ts';

/** The functions that ask how things went so far; allowed in conditions only. */
export const STATUS_FUNCTIONS = ['succeeded', 'failed', 'succeededOrFailed', 'canceled', 'always'] as const;
export type StatusFunction = (typeof STATUS_FUNCTIONS)[number];

export function statusFunction(name: string): StatusFunction | undefined {
  return STATUS_FUNCTIONS.find((known) => known.toLowerCase() === name.toLowerCase());
}

/** `names` are the jobs or stages given as arguments; none means all that this one depends on. */
export function askStatus(question: StatusFunction, status: Status, names: readonly string[]): boolean {
  if (question === 'always') return true;
  return status.of === 'step' ? askJob(question, status.job) : askDependencies(question, status, names);
}

function askJob(question: Exclude<StatusFunction, 'always'>, job: JobResult): boolean {
  const good = job === 'Succeeded' || job === 'SucceededWithIssues';
  switch (question) {
    case 'succeeded':
      return good;
    case 'failed':
      return job === 'Failed';
    case 'succeededOrFailed':
      return good || job === 'Failed';
    case 'canceled':
      return job === 'Canceled';
  }
}

type Dependencies = Extract<Status, { of: 'dependencies' }>;

function askDependencies(
  question: Exclude<StatusFunction, 'always'>,
  status: Dependencies,
  names: readonly string[],
): boolean {
  if (question === 'canceled' || status.canceled) return question === 'canceled' && status.canceled;
  const results =
    names.length === 0 ? [...status.results.values()] : names.map((name) => resultOf(status, name));
  const ask = (result: JobResult | undefined) => result !== undefined && askJob(question, result);
  if (question === 'failed') return results.some(ask);
  // With names, one that ran is enough; without, nothing before may have been skipped.
  return question === 'succeededOrFailed' && names.length > 0 ? results.some(ask) : results.every(ask);
}

function resultOf(status: Dependencies, name: string): JobResult | undefined {
  const wanted = name.toLowerCase();
  return [...status.results].find(([known]) => known.toLowerCase() === wanted)?.[1];
}
