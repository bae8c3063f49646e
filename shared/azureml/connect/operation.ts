import { Problem } from '../../problem/index.ts';
import type { Answer, Arm, RequestOptions } from './arm.ts';
import { isAboutQuota } from './failure.ts';
import { waitFor } from './wait.ts';

export interface OperationOptions extends RequestOptions {
  readonly operationTimeoutInMs?: number;
  /** Called at every look, with the service's word for the state and its percentage, if it gives one. */
  readonly onState?: (state: string, percentComplete: number | undefined) => void;
}

interface OperationState {
  readonly status?: string;
  readonly percentComplete?: number;
  readonly error?: { readonly code?: string; readonly message?: string };
}

/**
 * Waits for a long-running operation of Resource Manager to end: by `Azure-AsyncOperation` (a body with a status) or by
 * `Location` (anything but 202). An answer with neither header is already the end.
 */
export async function waitForOperation(
  arm: Arm,
  what: string,
  begun: Answer,
  options: OperationOptions = {},
): Promise<void> {
  const statusUrl = begun.header('azure-asyncoperation');
  const location = begun.header('location');
  let interval = retryAfter(begun);
  const look = async (url: string): Promise<Answer> => {
    const answer = await arm.sendTo(what, 'GET', url, undefined, options);
    interval = retryAfter(answer);
    return answer;
  };
  const wait = {
    what,
    intervalInMs: () => interval,
    ...(options.abortSignal && { abortSignal: options.abortSignal }),
    ...(options.operationTimeoutInMs !== undefined && { timeoutInMs: options.operationTimeoutInMs }),
  };
  if (statusUrl)
    return waitFor(async () => endOf(what, await look(statusUrl), options), wait).then(() => undefined);
  if (location && begun.status === 202)
    await waitFor(async () => ((await look(location)).status === 202 ? undefined : true), wait);
}

function endOf(what: string, answer: Answer, options: OperationOptions): true | undefined {
  const state = (answer.body ?? {}) as OperationState;
  options.onState?.(state.status ?? 'InProgress', state.percentComplete);
  switch (state.status?.toLowerCase()) {
    case 'succeeded':
      return true;
    case 'failed':
    case 'canceled':
      throw operationProblem(what, state, answer);
    default:
      return undefined;
  }
}

function operationProblem(what: string, state: OperationState, answer: Answer): Problem {
  const message = state.error?.message;
  const code = state.error?.code;
  const requestId = answer.header('x-ms-request-id');
  const isQuota = isAboutQuota({ ...(code && { code }), ...(message && { message }) });
  return new Problem({
    code: isQuota ? 'quota' : 'service',
    message: `${what} ended as ${state.status}.${message ? ` ${message}` : ''}`,
    reply: { ...(code && { code }), ...(message && { message }), ...(requestId && { requestId }) },
    next: isQuota
      ? 'Choose another instance type or count, or ask for more quota.'
      : 'Mend the reason the service gives and run the step again.',
  });
}

/** Milliseconds; the service's Retry-After, else 2 s as core-lro has it. */
function retryAfter(answer: Answer): number {
  const seconds = Number(answer.header('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 2000;
}
