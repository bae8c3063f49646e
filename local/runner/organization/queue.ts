/** Does one thing after the other, as one agent would. */
export interface Queue {
  add(work: () => Promise<void>): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

/** What fails is told, and the next thing is done. */
export function createQueue(failed: (error: unknown) => void): Queue {
  let last: Promise<void> = Promise.resolve();
  return {
    add: (work) => void (last = last.then(work).catch(failed)),
    async idle() {
      for (let seen; seen !== last;) {
        seen = last;
        await seen;
      }
    },
  };
}
