import { Problem } from '../../../../../shared/problem/index.ts';
import { recordOf, textOf } from '../json.ts';
import type { Json } from '../records/index.ts';

/** How a job's command is spread over nodes and processes. */
export interface Distribution {
  /** `none`: one process a node. `driver`: one process for all nodes, which starts its own workers. */
  readonly kind: 'none' | 'pytorch' | 'mpi' | 'tensorflow' | 'driver';
  readonly nodes: number;
  readonly perNode: number;
  /** Of TensorFlow. */
  readonly workers: number;
  readonly parameterServers: number;
}

/** Reads `resources` and `distribution` of a job, in the camel case of jobs or the snake case of pipeline steps. */
export function distributionOf(properties: Json): Distribution {
  const distribution = recordOf(properties['distribution']);
  const resources = recordOf(properties['resources']);
  const nodes = wholeNumber(resources['instanceCount'] ?? resources['instance_count']) ?? 1;
  const number = (camel: string, snake: string) => wholeNumber(distribution[camel] ?? distribution[snake]);
  return {
    kind: kindOf(distribution),
    nodes,
    perNode: number('processCountPerInstance', 'process_count_per_instance') ?? 1,
    workers: number('workerCount', 'worker_count') ?? nodes,
    parameterServers: number('parameterServerCount', 'parameter_server_count') ?? 0,
  };
}

/** How many processes run at once. */
export function processCount({ kind, nodes, perNode, workers, parameterServers }: Distribution): number {
  switch (kind) {
    case 'none':
      return nodes;
    case 'driver':
      return 1;
    case 'tensorflow':
      return workers + parameterServers;
    case 'pytorch':
    case 'mpi':
      return nodes * perNode;
  }
}

/** Said when a job's nodes all lie on this machine. */
export function distributionWarnings(distribution: Distribution): string[] {
  const { kind, nodes } = distribution;
  const mpi =
    kind === 'mpi' && processCount(distribution) > 1
      ? ['Processes of an MPI job are told their ranks by variables; no MPI launcher connects them here.']
      : [];
  if (nodes <= 1) return mpi;
  return [`The ${nodes} nodes the job asks for are this machine, and share its working directory.`, ...mpi];
}

function kindOf(distribution: Json): Distribution['kind'] {
  const kind = ['distributionType', 'distribution_type', 'type']
    .map((member) => textOf(distribution[member]))
    .find(Boolean)
    ?.toLowerCase();
  switch (kind) {
    case undefined:
      return 'none';
    case 'pytorch':
    case 'mpi':
    case 'tensorflow':
      return kind;
    default:
      throw new Problem({
        code: 'unsupported',
        message: `The distribution '${kind}' is not offered on this machine.`,
        next: 'Use PyTorch, Mpi or TensorFlow here, or run the job on Azure.',
      });
  }
}

function wholeNumber(value: unknown): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
