import * as tl from 'azure-pipelines-task-lib/task.js';
import { Problem, Problems, redact, wordsFor } from '../problem/index.ts';
import { neutralise } from './log.ts';

/** How a task ended when nothing was thrown. */
export interface TaskOutcome {
  readonly result: 'Succeeded' | 'SucceededWithIssues' | 'Failed';
  /** One sentence for the step's result line. */
  readonly message: string;
}

/**
 * Runs a task's story and reports its one outcome. SIGINT and SIGTERM abort the signal: the agent grants 7.5 s and
 * then 2.5 s more (azure-pipelines-agent, ProcessInvoker), in which the story cancels what it started.
 */
export function startTask(story: (signal: AbortSignal) => Promise<TaskOutcome>): void {
  const cancel = new AbortController();
  const onSignal = (): void =>
    cancel.abort(new Problem({ code: 'cancelled', message: 'The pipeline was cancelled.' }));
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  void story(cancel.signal)
    .then(complete, (error: unknown) => fail(error, cancel.signal))
    .finally(() => {
      // Sockets kept alive must not hold the step open; stdout may still be draining into a pipe.
      process.stdout.write('', () => process.exit(process.exitCode ?? 0));
    });
}

function complete(outcome: TaskOutcome): void {
  tl.setResult(tl.TaskResult[outcome.result], clean(outcome.message));
  if (outcome.result === 'Failed') process.exitCode = 1;
}

function fail(error: unknown, signal: AbortSignal): void {
  // Libraries have their own errors for a cancelled call; the user is told of the cancellation in our words.
  const isOurs = error instanceof Problem || error instanceof Problems;
  const lines = wordsFor(signal.aborted && !isOurs ? signal.reason : error).map(clean);
  for (const detail of causesOf(error)) tl.debug(clean(detail));
  tl.setResult(tl.TaskResult.Failed, lines.join('\n') || 'The task failed.');
  process.exitCode = 1;
}

/** Stacks and causes, for the debug log only. */
function causesOf(error: unknown): string[] {
  if (error instanceof Problems) return error.all.flatMap(causesOf);
  if (!(error instanceof Error)) return [String(error)];
  return [error.stack ?? error.message, ...(error.cause === undefined ? [] : causesOf(error.cause))];
}

function clean(text: string): string {
  return redact(neutralise(text));
}
