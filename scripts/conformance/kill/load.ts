import type { Client } from './client.ts';
import { settled, type Change, type Ledger, type Read } from './ledger.ts';

/** Numbers from 0 up to 1, drawn from the seed of the whole trial. */
export type Chance = () => number;

/** What the load may do next; every name it uses is its own, so that each value has one writer. */
type Deed = (worker: Worker) => Promise<void>;

/** Writes to the workspace until the connection ends; one request at a time. */
export class Worker {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly name: string;
  readonly chance: Chance;
  #count = 0;

  constructor(client: Client, ledger: Ledger, name: string, chance: Chance) {
    this.client = client;
    this.ledger = ledger;
    this.name = name;
    this.chance = chance;
  }

  fresh(): string {
    this.#count += 1;
    return `${this.name}-${this.#count}`;
  }

  make(change: Omit<Change, 'send'>, method: string, at: string, body?: unknown) {
    return this.ledger.make({ ...change, send: () => this.client.send(method, at, body) });
  }

  /** Ends with the life of the workspace. */
  async work(): Promise<void> {
    try {
      for (;;) await this.#pick()(this);
    } catch (error) {
      // The connection ended, as was intended; anything else is a finding.
      if (!isAboutConnection(error)) this.ledger.findings.push(`${this.name}: ${String(error)}`);
    }
  }

  #pick(): Deed {
    const deeds = DEEDS.flatMap(([deed, weight]) => Array.from({ length: weight }, () => deed));
    return deeds[Math.floor(this.chance() * deeds.length)]!;
  }
}

function isAboutConnection(error: unknown): boolean {
  return error instanceof Error && ('code' in error || error.message === 'The answer was cut off.');
}

const models: Deed = async (worker) => {
  const name = worker.fresh();
  const key = `models/${name}/versions/1`;
  const put = (n: string) =>
    worker.make({ key, value: n, read: tagOf(key) }, 'PUT', key, {
      properties: { modelUri: `azureml://datastores/workspaceblobstore/paths/${name}`, tags: { n } },
    });
  await put('1');
  await put('2');
  if (worker.chance() < 0.3) await worker.make({ key, value: undefined, read: tagOf(key) }, 'DELETE', key);
};

function tagOf(at: string): Read {
  return async (client) => {
    const { status, json } = await client.send('GET', at);
    if (status !== 200) return undefined;
    // The container, its list and the version itself were written together.
    const [, name] = at.split('/');
    const container = await client.send('GET', `models/${name}`);
    const list = await client.send('GET', `models/${name}/versions`);
    const isWhole = container.json.properties?.latestVersion === '1' && list.json.value?.length === 1;
    return isWhole ? String(json.properties.tags.n) : 'half there';
  };
}

/** Bytes first, then the version that points to them. */
const data: Deed = async (worker) => {
  const key = `data/${worker.fresh()}/versions/1`;
  const upload = await worker.client.send('POST', `${key}/startPendingUpload`, {});
  const { sasUri } = upload.json.blobReferenceForConsumption.credential as { sasUri: string };
  const content = `content of ${key} `.repeat(1 + Math.floor(worker.chance() * 500));
  const sas = new URL(sasUri);
  const url = `${sas.origin}${sas.pathname}/file.txt${sas.search}`;
  const put = await worker.client.blob('PUT', url, content);
  if (put.status !== 201) throw new Error(`The upload was answered ${put.status}.`);
  const read: Read = async (client) => {
    const { status } = await client.send('GET', key);
    if (status !== 200) return undefined;
    const bytes = await settled(async () => client.blob('GET', url).catch(() => undefined));
    return bytes?.json === content ? 'whole' : 'without its bytes';
  };
  await worker.make({ key, value: 'whole', read }, 'PUT', key, {
    properties: { dataType: 'uri_folder', dataUri: `${sas.origin}${sas.pathname}/` },
  });
};

const MLFLOW = '/mlflow/v2.0{workspace}/api/2.0/mlflow';

/** A run with batches of points: each batch is there as a whole, and the run shows the last point of its history. */
const runs: Deed = async (worker) => {
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

const computes: Deed = async (worker) => {
  const at = `computes/${worker.fresh()}`;
  const read: Read = (client) => stateOf(client, at, ({ properties }) => nodesOf(properties));
  const body = (maxNodeCount: number) => ({
    properties: {
      computeType: 'AmlCompute',
      properties: { vmSize: 'STANDARD_D2_V2', scaleSettings: { maxNodeCount } },
    },
  });
  for (const nodes of [2, 3]) {
    await worker.make({ key: at, value: `Succeeded ${nodes}`, read }, 'PUT', at, body(nodes));
    await read(worker.client);
  }
  if (worker.chance() < 0.5)
    await worker.make({ key: at, value: undefined, read }, 'DELETE', `${at}?underlyingResourceAction=Delete`);
};

function nodesOf(properties: { properties: { scaleSettings: { maxNodeCount: number } } }): string {
  return String(properties.properties.scaleSettings.maxNodeCount);
}

const endpoints: Deed = async (worker) => {
  const name = `e${worker.fresh()}`.toLowerCase();
  const at = `onlineEndpoints/${name}`;
  const read: Read = (client) => stateOf(client, at, ({ tags }) => String(tags.n));
  const keyRead: Read = async (client) => {
    if ((await read(client)) === undefined) return undefined;
    return settled(async () => (await client.send('POST', `${at}/listKeys`)).json.secondaryKey as string);
  };
  const body = (n: string) => ({ location: 'local', tags: { n }, properties: { authMode: 'Key' } });
  await worker.make({ key: at, value: 'Succeeded 1', read }, 'PUT', at, body('1'));
  await read(worker.client);
  await worker.make({ key: at, value: 'Succeeded 2', read }, 'PUT', at, body('2'));
  await read(worker.client);
  const keyValue = `key-of-${name}`;
  const before = await keyRead(worker.client);
  if (before === undefined) return;
  const reply = await worker.client.send('POST', `${at}/regenerateKeys`, { keyType: 'Secondary', keyValue });
  await ended(worker.client, reply.headers['location']);
  await worker.ledger.make({
    key: `${at} key`,
    value: keyValue,
    read: keyRead,
    send: () => worker.client.send('POST', `${at}/listKeys`),
  });
  // Azure lets a region have a hundred endpoints.
  worker.ledger.forget(`${at} key`);
  await worker.make({ key: at, value: undefined, read }, 'DELETE', at);
  await read(worker.client);
};

async function ended(client: Client, location: unknown): Promise<void> {
  if (typeof location !== 'string') return;
  await settled(async () => ((await client.follow(location)).status === 202 ? undefined : true));
}

/** The state a resource comes to, and what tells its versions apart. */
async function stateOf(
  client: Client,
  at: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an answer of the workspace
  rest: (json: any) => string,
): Promise<string | undefined> {
  const end = await settled(async () => {
    const { status, json } = await client.send('GET', at);
    if (status === 404) return { found: undefined };
    const state = String(json.properties?.provisioningState);
    return /ing$/.test(state) ? undefined : { found: `${state} ${rest(json)}` };
  });
  return end ? end.found : 'without an end';
}

/** A job that was accepted is there and comes to an end, whatever happens to the workspace. */
const jobs: Deed = async (worker) => {
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

const datastores: Deed = async (worker) => {
  const at = `datastores/${worker.fresh().replaceAll('-', '_')}`;
  const read: Read = async (client) => {
    const { status, json } = await client.send('GET', at);
    return status === 200 ? String(json.properties.containerName) : undefined;
  };
  for (const containerName of ['one', 'two'])
    await worker.make({ key: at, value: containerName, read }, 'PUT', at, {
      properties: {
        datastoreType: 'AzureBlob',
        accountName: 'elsewhere',
        containerName,
        credentials: { credentialsType: 'None' },
      },
    });
  if (worker.chance() < 0.5) await worker.make({ key: at, value: undefined, read }, 'DELETE', at);
};

const DEEDS: readonly (readonly [Deed, number])[] = [
  [models, 8],
  [data, 4],
  [runs, 4],
  [computes, 4],
  [endpoints, 3],
  [datastores, 4],
  [jobs, 1],
];
