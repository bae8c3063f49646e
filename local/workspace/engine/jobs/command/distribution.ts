import { recordOf, textOf } from '../json.ts';
import type { Json } from '../records/index.ts';

/** How a job asks to be spread over nodes and processes. */
export interface Distribution {
  readonly kind: string | undefined;
  readonly nodes: number;
  readonly processes: number;
}

/** Reads `resources` and `distribution` of a job. */
export function distributionOf(properties: Json): Distribution {
  const distribution = recordOf(properties['distribution']);
  const nodes = wholeNumber(recordOf(properties['resources'])['instanceCount']) ?? 1;
  const perNode =
    wholeNumber(distribution['processCountPerInstance'] ?? distribution['process_count_per_instance']) ?? 1;
  const workers = wholeNumber(distribution['workerCount'] ?? distribution['worker_count']) ?? 1;
  const kind = textOf(distribution['distributionType']) ?? textOf(distribution['type']);
  return { kind: kind?.toLowerCase(), nodes, processes: Math.max(nodes * perNode, workers) };
}

/** What frameworks read to find their peers: here the one process is the whole world. */
export function distributionVariables({ kind }: Distribution): Record<string, string> {
  if (kind !== 'pytorch') return {};
  return {
    MASTER_ADDR: '127.0.0.1',
    MASTER_PORT: '6105',
    WORLD_SIZE: '1',
    RANK: '0',
    LOCAL_RANK: '0',
    NODE_RANK: '0',
  };
}

/** Said when a job asks for more than one process. */
export function distributionWarnings({ nodes, processes }: Distribution): string[] {
  if (nodes <= 1 && processes <= 1) return [];
  return [
    `The job asks for ${processes} processes on ${nodes} node(s); the embedded workspace runs it as one process on this machine.`,
  ];
}

function wholeNumber(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
