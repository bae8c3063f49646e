/** How a task that waits for somebody outside may end. */
export type CompletionResult = 'succeeded' | 'failed';

/** Which execution of a task an event is about. */
export interface TaskInstance {
  readonly planId: string;
  readonly jobId: string;
  readonly taskId: string;
}

/** What somebody outside tells of a task he was asked to complete. */
export interface TaskEvents {
  /** Begins to listen; say it before the outside is asked, since the answer may come at once. */
  expect(task: TaskInstance, listener: TaskListener): { end(): void };
  /** `repeated`: the task was completed before, and stays as it was. */
  complete(task: TaskInstance, result: CompletionResult): 'taken' | 'repeated' | 'unknown';
  /** Lines and variables for the task that waits, by its own record or its job's; false: nobody waits there. */
  tell(
    record: { readonly planId: string; readonly jobId: string; readonly recordId: string },
    told: Told,
  ): boolean;
}

export interface TaskListener {
  completed(result: CompletionResult): void;
  told(told: Told): void;
}

export interface Told {
  readonly lines?: readonly string[];
  readonly variables?: Readonly<Record<string, { readonly value: string; readonly isSecret: boolean }>>;
}

interface Waiting {
  readonly listener: TaskListener;
  isCompleted: boolean;
}

export function createTaskEvents(): TaskEvents {
  const waiting = new Map<string, Waiting>();
  const find = (task: TaskInstance): Waiting | undefined => waiting.get(keyOf(task));
  return {
    expect(task, listener) {
      const one = { listener, isCompleted: false };
      waiting.set(keyOf(task), one);
      return {
        end: () => void (waiting.get(keyOf(task)) === one && waiting.delete(keyOf(task))),
      };
    },
    complete(task, result) {
      const found = find(task);
      if (!found) return 'unknown';
      if (found.isCompleted) return 'repeated';
      found.isCompleted = true;
      found.listener.completed(result);
      return 'taken';
    },
    tell({ planId, jobId, recordId }, told) {
      const key = keyOf({ planId, jobId, taskId: recordId });
      const job = keyOf({ planId, jobId, taskId: '' });
      const isJob = recordId.toLowerCase() === jobId.toLowerCase();
      const open = [...waiting].filter(
        ([name, one]) => !one.isCompleted && (isJob ? name.startsWith(job) : name === key),
      );
      for (const [, one] of open) one.listener.told(told);
      return open.length > 0;
    },
  };
}

function keyOf({ planId, jobId, taskId }: TaskInstance): string {
  return [planId, jobId, taskId].join('/').toLowerCase();
}
