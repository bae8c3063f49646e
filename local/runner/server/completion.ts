import { systemClock } from '../agent/clock.ts';
import type { CompletionResult, Told } from '../../devops/tasks/events.ts';
import type { ServerAnswer } from './success.ts';
import type { ServerTaskEnd, ServerTaskRequest } from './task.ts';

interface Waiting {
  readonly request: ServerTaskRequest;
  readonly completionInMs: number;
}

/**
 * Asks the other side and waits until it says by the callback that the task is done. Listening begins before the asking:
 * the callback may be there before the answer is.
 */
export async function awaitCompletion(
  { request, completionInMs }: Waiting,
  ask: () => Promise<ServerAnswer>,
): Promise<ServerTaskEnd> {
  const { events, sink, signal } = request;
  let complete: (result: CompletionResult) => void = () => undefined;
  const completed = new Promise<CompletionResult>((resolve) => (complete = resolve));
  const listening = events.expect(instanceOf(request), {
    completed: complete,
    told: (told) => tell(told, request),
  });
  const ended = new AbortController();
  try {
    const answer = await ask();
    if (answer.status < 200 || answer.status > 299)
      return { result: 'Failed', message: `The service answered ${answer.status}; nobody will call back.` };
    sink.line('Waiting for the callback that completes the task.');
    // Whoever calls back takes his real time: no clock may leap over it.
    const late = systemClock.sleep(completionInMs, AbortSignal.any([signal, ended.signal]));
    const result = await Promise.race([completed, late]);
    if (result)
      return {
        result: result === 'succeeded' ? 'Succeeded' : 'Failed',
        message: `The callback said: ${result}.`,
      };
    if (signal.aborted) return { result: 'Canceled' };
    return { result: 'Failed', message: `No callback came within ${completionInMs / 60_000} minutes.` };
  } finally {
    ended.abort();
    listening.end();
  }
}

function instanceOf({ variables }: ServerTaskRequest) {
  const id = (name: string): string => variables.get(name) ?? '';
  return { planId: id('System.PlanId'), jobId: id('System.JobId'), taskId: id('System.TaskInstanceId') };
}

function tell({ lines = [], variables = {} }: Told, { sink, outputs }: ServerTaskRequest): void {
  for (const line of lines) sink.line(line);
  for (const [name, { value }] of Object.entries(variables)) outputs.set(name, value);
}
