/**
 * What came of an operation: it works; the workspace refuses it on purpose; it is not there; it was not tried; or it
 * failed, which nobody meant.
 */
export type Verdict = 'works' | 'refused' | 'missing' | 'untried' | 'broken';

/** One operation of one client, as a life tells it. */
export interface Step {
  readonly client: string;
  readonly group: string;
  readonly operation: string;
  readonly verdict: Verdict;
  readonly note: string;
  readonly seconds: number;
}

const MARK = 'STEP ';

/** The step that a line of a life's output tells, if it tells one. */
export function stepIn(line: string): Step | undefined {
  // Written by our own lives.
  return line.startsWith(MARK) ? (JSON.parse(line.slice(MARK.length)) as Step) : undefined;
}

/** Tells a step. What the client itself printed may not have ended its line. */
export function tell(step: Step): void {
  process.stdout.write(`\n${MARK}${JSON.stringify(step)}\n`);
}
