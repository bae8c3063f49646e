import type { Client } from './client.ts';
import { settled, type Read } from './ledger.ts';
import { ended } from './states.ts';
import type { Deed, Worker } from './worker.ts';

const MLFLOW = '/mlflow/v2.0{workspace}/api/2.0/mlflow';

/** A run with batches of points: each batch is there as a whole, and the run shows the last point of its history. */
export const runs: Deed = async (worker) => {
  const experiment = `e-${worker.name}`;
  const named = await worker.client.send(
    'GET',
    `${MLFLOW}/experiments/get-by-name?experiment_name=${experiment}`,
  );
  const id = named.json?.experiment?.experiment_id ?? (await newExperiment(worker, experiment));
  const created = await worker.client.send('POST', `${MLFLOW}/runs/create`, { experiment_id: id });
  const runId = String(created.json.run.info.run_id);
  const key = `runs/${runId}`;
  for (let batch = 1; batch <= 3; batch += 1) {
    const metrics = Array.from({ length: 20 }, (_, index) => ({
      key: 'loss',
      value: batch * 100 + index,
      timestamp: 1,
      step: batch * 100 + index,
    }));
    await worker.make(
      { key, value: String(batch), read: batchesOf(runId) },
      'POST',
      `${MLFLOW}/runs/log-batch`,
      {
        run_id: runId,
        metrics,
        tags: [{ key: 'batch', value: String(batch) }],
      },
    );
  }
};

async function newExperiment(worker: Worker, name: string): Promise<string> {
  const { json } = await worker.client.send('POST', `${MLFLOW}/experiments/create`, { name });
  return String(json.experiment_id);
}

function batchesOf(runId: string): Read {
  return async (client) => {
    const history = await client.send('GET', `${MLFLOW}/metrics/get-history?run_id=${runId}&metric_key=loss`);
    const { json } = await client.send('GET', `${MLFLOW}/runs/get?run_id=${runId}`);
    const batches = (history.json.metrics?.length ?? 0) / 20;
    if (batches === 0) return undefined;
    const shown = json.run.data.metrics[0]?.step as number;
    const tag = json.run.data.tags.find((one: { key: string }) => one.key === 'batch')?.value as string;
    const isWhole = tag === String(batches) && shown === batches * 100 + 19;
    return isWhole ? tag : `${batches} batches of points, but the run shows ${tag} and step ${shown}`;
  };
}

/** A job that was accepted is there and comes to an end, whatever happens to the workspace. */
export const jobs: Deed = async (worker) => {
  const name = worker.fresh();
  const environment = await worker.client.send('PUT', 'environments/plain/versions/1', {
    properties: { image: 'python:3' },
  });
  const at = `jobs/${name}`;
  const read: Read = (client) => endOf(client, at);
  await worker.make({ key: at, value: 'ended', read }, 'PUT', at, {
    properties: {
      jobType: 'Command',
      command: worker.chance() < 0.5 ? 'sleep 0.2' : 'true',
      environmentId: environment.json.id,
      computeId: String(environment.json.id).replace(/environments.*/, 'computes/cpu-cluster'),
    },
  });
  if (worker.chance() < 0.5) {
    const { status, headers } = await worker.client.send('POST', `${at}/cancel`);
    if (status === 202) await ended(worker.client, headers['location']);
  }
};

async function endOf(client: Client, at: string): Promise<string | undefined> {
  const end = await settled(async () => {
    const { status, json } = await client.send('GET', at);
    if (status === 404) return { found: undefined };
    return /Completed|Failed|Canceled/.test(String(json.properties?.status)) ? { found: 'ended' } : undefined;
  });
  return end ? end.found : 'without an end';
}
