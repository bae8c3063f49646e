import { pause, waitFor } from '../../azureml/index.ts';
import { Problem } from '../../problem/index.ts';
import { isSettled } from '../../rollout/endpointState.ts';

/** Between two looks at a resource that is being changed. */
const LOOK_EVERY_IN_MS = 2000;
/** An operation of somebody else on the same resource ends within this time, or it is not waited for any longer. */
const LONGEST_BUSY_IN_MS = 30 * 60_000;
const PAUSES_IN_MS = [1000, 2000, 5000, 10_000, 20_000, 30_000];

export interface Patience {
  readonly abortSignal: AbortSignal | undefined;
  readonly say: (line: string) => void;
}

/** Looks at a resource until no operation is running on it; undefined where it does not exist (any more). */
export async function untilSettled<T extends { readonly provisioningState: string }>(
  what: string,
  look: () => Promise<T | undefined>,
  patience: Patience,
): Promise<T | undefined> {
  let said = false;
  const found = await waitFor(
    async () => {
      const resource = await look();
      if (!resource || isSettled(resource.provisioningState)) return { resource };
      if (!said) patience.say(`${what} is ${resource.provisioningState}; waiting for that to end.`);
      said = true;
      return undefined;
    },
    {
      what: `Waiting for ${what}`,
      intervalInMs: LOOK_EVERY_IN_MS,
      timeoutInMs: LONGEST_BUSY_IN_MS,
      ...(patience.abortSignal && { abortSignal: patience.abortSignal }),
    },
  );
  return found.resource;
}

/** Does it again when somebody else's operation was in the way (409, 412); a name that is taken fails at once. */
export async function despiteConflicts<T>(
  what: string,
  act: () => Promise<T>,
  patience: Patience,
): Promise<T> {
  for (const wait of PAUSES_IN_MS) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error)) throw error;
      patience.say(
        `${what}: another operation is running (${error.reply?.status}); trying again in ${wait / 1000} s.`,
      );
      await pause(wait, patience.abortSignal);
    }
  }
  return act();
}

/** A conflict that goes away: the service runs one operation on a resource at a time. */
function isPassing(error: unknown): error is Problem {
  return error instanceof Problem && [409, 412].includes(error.reply?.status ?? 0);
}

/** The service refused the request itself, so nothing was changed by it. */
export function isRefusal(error: unknown): boolean {
  const status = error instanceof Problem ? error.reply?.status : undefined;
  return status !== undefined && status >= 400 && status < 500;
}
