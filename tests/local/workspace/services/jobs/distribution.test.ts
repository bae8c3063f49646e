import assert from 'node:assert/strict';
import { openLab, until, type Lab } from './lab.ts';

/** Meets its peers at the address the variables name, as PyTorch's rendezvous does. */
const MEET = `
import os, socket, sys, time
rank, world = int(os.environ['RANK']), int(os.environ['WORLD_SIZE'])
address = (os.environ['MASTER_ADDR'], int(os.environ['MASTER_PORT']))
if rank == 0:
    server = socket.create_server(address)
    met = sorted(server.accept()[0].recv(9).decode() for _ in range(world - 1))
    print('met', ','.join(met))
else:
    for _ in range(600):
        try:
            socket.create_connection(address).sendall(str(rank).encode())
            break
        except OSError:
            time.sleep(0.1)
    print('rank', rank, 'local', os.environ['LOCAL_RANK'], 'node', os.environ['NODE_RANK'], 'of', os.environ['AZUREML_NODE_COUNT'])
`;

describe('A job on several nodes', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => lab.stop());

  const failure = async (name: string): Promise<string> => (await lab.details(name)).error.error.message;

  it('runs as PyTorch processes that find each other, each with its log', async () => {
    const codeId = await lab.code('meet', { 'meet.py': MEET });
    await lab.submit('pytorch', {
      codeId,
      command: 'python meet.py',
      resources: { instanceCount: 2 },
      distribution: { distributionType: 'PyTorch', processCountPerInstance: 2 },
    });
    assert.equal((await lab.ended('pytorch')).properties.status, 'Completed');
    assert.match(await lab.log('pytorch', 'user_logs/std_log_process_00.txt'), /^Warning: .*\nmet 1,2,3\n$/);
    assert.equal(
      await lab.log('pytorch', 'user_logs/std_log_process_03.txt'),
      'rank 3 local 1 node 1 of 2\n',
    );
  });

  it('runs as MPI-style processes with their ranks', async () => {
    await lab.submit('mpi', {
      command:
        'echo $OMPI_COMM_WORLD_RANK of $OMPI_COMM_WORLD_SIZE, $OMPI_COMM_WORLD_LOCAL_RANK of $OMPI_COMM_WORLD_LOCAL_SIZE',
      resources: { instanceCount: 2 },
      distribution: { distributionType: 'Mpi', processCountPerInstance: 1 },
    });
    assert.equal((await lab.ended('mpi')).properties.status, 'Completed');
    assert.equal(await lab.log('mpi', 'user_logs/std_log_process_01.txt'), '1 of 2, 0 of 1\n');
  });

  it('runs as TensorFlow workers, and ends the parameter servers with them', async () => {
    await lab.submit('tensorflow', {
      command: 'echo "$TF_CONFIG"; case "$TF_CONFIG" in *\'"type":"ps"\'*) sleep 300;; esac',
      resources: { instanceCount: 2 },
      distribution: { distributionType: 'TensorFlow', workerCount: 2, parameterServerCount: 1 },
    });
    assert.equal((await lab.ended('tensorflow')).properties.status, 'Completed');
    const config = JSON.parse(await lab.log('tensorflow', 'user_logs/std_log_process_01.txt'));
    assert.deepEqual(config.task, { type: 'worker', index: 1 });
    assert.equal(config.cluster.worker.length, 2);
    const server = JSON.parse(await lab.log('tensorflow', 'user_logs/std_log_process_00_ps.txt'));
    assert.deepEqual(server.task, { type: 'ps', index: 0 });
  });

  it('fails with the first process that fails, and the others end', async () => {
    await lab.submit('torn', {
      command: '[ $RANK = 1 ] && { echo no memory >&2; exit 9; }; sleep 300',
      resources: { instanceCount: 2 },
      distribution: { distributionType: 'PyTorch' },
    });
    assert.equal((await lab.ended('torn')).properties.status, 'Failed');
    assert.match(await failure('torn'), /status code 9\..*'user_logs\/std_log_process_01\.txt'.*no memory/s);
  });

  it('is refused at run time when its cluster is smaller, or when its distribution is unknown here', async () => {
    await lab.submit('large', { command: 'true', resources: { instanceCount: 5 } });
    await lab.ended('large');
    assert.match(await failure('large'), /asks for 5 nodes, and the compute 'cpu-cluster' has at most 4/);
    await lab.submit('ray', { command: 'true', distribution: { distributionType: 'Ray' } });
    await lab.ended('ray');
    assert.match(await failure('ray'), /distribution 'ray' is not offered/);
  });

  it('waits until its compute has the nodes, which are counted while they work and idle after', async () => {
    const cluster = async () =>
      (await lab.send('GET', lab.url('/computes/cpu-cluster'))).json.properties.properties.nodeStateCounts;
    await lab.submit('first', { command: 'sleep 300', resources: { instanceCount: 3 } });
    await lab.reached('first', 'Running');
    await lab.submit('second', { command: 'true', resources: { instanceCount: 2 } });
    await lab.reached('second', 'Queued');
    assert.equal((await cluster()).runningNodeCount, 3);
    const listed = await lab.send('POST', lab.url('/computes/cpu-cluster/listNodes'));
    assert.equal(listed.json.nodes.filter((node: { runId: string }) => node.runId === 'first').length, 3);
    assert.equal(
      (await lab.send('GET', lab.url('/jobs/second'))).json.properties.status,
      'Queued',
      'one node is free, two are needed',
    );
    await lab.send('POST', lab.url('/jobs/first/cancel'));
    assert.equal((await lab.ended('second')).properties.status, 'Completed');
    await until(async () => (await cluster()).runningNodeCount === 0, 'the nodes to be idle');
    assert.ok((await cluster()).idleNodeCount >= 2);
  });

  it('waits while its compute instance is stopped, and runs one job after the other there', async () => {
    const body = {
      location: 'local',
      properties: { computeType: 'ComputeInstance', properties: { vmSize: 'STANDARD_DS3_V2' } },
    };
    await lab.send('PUT', lab.url('/computes/desk'), { body });
    await lab.send('POST', lab.url('/computes/desk/stop'));
    const computeId = `${lab.id}/computes/desk`;
    const state = async () =>
      (await lab.send('GET', lab.url('/computes/desk'))).json.properties.properties.state;
    await until(async () => (await state()) === 'Stopped', 'the instance to stop');
    await lab.submit('held', { command: 'true', computeId });
    await lab.reached('held', 'Queued');
    assert.equal((await lab.send('GET', lab.url('/jobs/held'))).json.properties.status, 'Queued');
    await lab.send('POST', lab.url('/computes/desk/start'));
    assert.equal((await lab.ended('held')).properties.status, 'Completed');
  });
});
