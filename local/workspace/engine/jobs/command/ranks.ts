import { type Distribution, processCount } from './distribution.ts';

const HOST = '127.0.0.1';

/** One of the processes of a job. */
export interface Rank {
  /** Name of its log below `user_logs`. */
  readonly log: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Ends when the others have ended, by being told to: a parameter server. */
  readonly isServer: boolean;
}

/** How many ports the processes need to find each other. */
export function portCount(distribution: Distribution): number {
  return distribution.kind === 'tensorflow' ? processCount(distribution) : 1;
}

/** Every process of a job with the variables that Azure gives it. */
export function ranksOf(distribution: Distribution, ports: readonly number[]): Rank[] {
  const { kind, nodes } = distribution;
  const count = processCount(distribution);
  const shared = { AZUREML_NODE_COUNT: String(nodes) };
  if (kind === 'tensorflow') return tensorflowRanks(distribution, ports, shared);
  return Array.from({ length: count }, (_, rank) => ({
    log: count === 1 ? 'std_log.txt' : logName(rank, count),
    variables: { ...shared, ...variablesOf(distribution, rank, ports[0] ?? 0) },
    isServer: false,
  }));
}

function variablesOf(distribution: Distribution, rank: number, port: number): Record<string, string> {
  const { kind, nodes, perNode } = distribution;
  const world = String(processCount(distribution));
  const node = Math.floor(rank / perNode);
  const local = rank % perNode;
  switch (kind) {
    case 'pytorch':
      return {
        MASTER_ADDR: HOST,
        MASTER_PORT: String(port),
        WORLD_SIZE: world,
        RANK: String(rank),
        LOCAL_RANK: String(local),
        LOCAL_WORLD_SIZE: String(perNode),
        NODE_RANK: String(node),
      };
    case 'mpi':
      return {
        OMPI_COMM_WORLD_RANK: String(rank),
        OMPI_COMM_WORLD_SIZE: world,
        OMPI_COMM_WORLD_LOCAL_RANK: String(local),
        OMPI_COMM_WORLD_LOCAL_SIZE: String(perNode),
        OMPI_COMM_WORLD_NODE_RANK: String(local),
        OMPI_UNIVERSE_SIZE: world,
        AZ_BATCHAI_MPI_MASTER_NODE: HOST,
        AZ_BATCH_MASTER_NODE: `${HOST}:${port}`,
      };
    default:
      return nodes === 1 ? {} : { NODE_RANK: String(rank) };
  }
}

function tensorflowRanks(
  { workers, parameterServers }: Distribution,
  ports: readonly number[],
  shared: Readonly<Record<string, string>>,
): Rank[] {
  const addresses = ports.map((port) => `${HOST}:${port}`);
  const servers = addresses.slice(workers, workers + parameterServers);
  const cluster = {
    worker: addresses.slice(0, workers),
    ...(servers.length > 0 ? { ps: servers } : {}),
  };
  const rank = (type: 'worker' | 'ps', index: number, count: number): Rank => {
    const config = { cluster, task: { type, index }, environment: 'cloud' };
    return {
      log: logName(index, count, type === 'ps' ? '_ps' : ''),
      variables: { ...shared, TF_CONFIG: JSON.stringify(config) },
      isServer: type === 'ps',
    };
  };
  return [
    ...Array.from({ length: workers }, (_, index) => rank('worker', index, workers)),
    ...Array.from({ length: parameterServers }, (_, index) => rank('ps', index, parameterServers)),
  ];
}

/** Clients stream the one whose number is all zeros. */
function logName(rank: number, count: number, suffix = ''): string {
  const digits = Math.max(2, String(count - 1).length);
  return `std_log_process_${String(rank).padStart(digits, '0')}${suffix}.txt`;
}
