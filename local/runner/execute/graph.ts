/** A stage or job that starts once everything it depends on has ended. */
interface Node {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** `held`: the node has not ended, so that nothing behind it may start. */
export type NodeEnd = 'ended' | 'held';

/** Runs nodes in the order of their dependencies, independent ones side by side. */
export async function runGraph<T extends Node>(
  nodes: readonly T[],
  run: (node: T) => Promise<NodeEnd>,
): Promise<void> {
  const started = new Map<T, Promise<NodeEnd>>();
  const named = (name: string): T[] => nodes.filter((node) => node.name.toLowerCase() === name.toLowerCase());
  const start = (node: T): Promise<NodeEnd> => {
    const known = started.get(node);
    if (known) return known;
    const end = waitAndRun(node.dependsOn.flatMap(named).map(start), () => run(node));
    started.set(node, end);
    return end;
  };
  await settle(nodes.map(start));
}

async function waitAndRun(
  before: readonly Promise<NodeEnd>[],
  run: () => Promise<NodeEnd>,
): Promise<NodeEnd> {
  const ends = await Promise.all(before);
  return ends.includes('held') ? 'held' : run();
}

/** Everything comes to its end before the first failure is passed on. */
async function settle(ends: readonly Promise<NodeEnd>[]): Promise<void> {
  for (const end of await Promise.allSettled(ends)) if (end.status === 'rejected') throw end.reason;
}

/** Names of everything a node depends on, directly or not. */
export function allBefore(node: Node, nodes: readonly Node[]): Set<string> {
  const before = new Set<string>();
  const visit = (names: readonly string[]): void => {
    for (const other of nodes.filter((one) =>
      names.some((name) => name.toLowerCase() === one.name.toLowerCase()),
    )) {
      if (before.has(other.name)) continue;
      before.add(other.name);
      visit(other.dependsOn);
    }
  };
  visit(node.dependsOn);
  return before;
}

/** Lets at most so many pieces of work run at once; 0 means no limit. */
export function limiter(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (most > 0 && running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
