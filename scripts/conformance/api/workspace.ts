import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect, type Client } from '../kill/client.ts';
import { startWorkspace } from '../../../local/workspace/index.ts';

/** A workspace in a folder of its own, with what generated bodies refer to. */
export interface Ground {
  readonly client: Client;
  readonly workspace: string;
  stop(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'conformance-api-'));
  const running = await startWorkspace({ dataFolder });
  const client = await connect(running.address);
  await running.storageReady;
  await makeKnown(client);
  await holdWorkBack(client, running.address.adminToken);
  const { json } = await client.send('GET', 'models/known');
  return {
    client,
    workspace: String(json.id).replace(/\/models\/known$/, ''),
    stop: async () => {
      client.close();
      await running.stop();
      await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function makeKnown(client: Client): Promise<void> {
  const uri = 'azureml://datastores/workspaceblobstore/paths/known/';
  for (const [at, properties] of [
    ['environments/known/versions/1', { image: 'python:3' }],
    ['codes/known/versions/1', { codeUri: uri }],
    ['models/known/versions/1', { modelUri: uri }],
    ['data/known/versions/1', { dataType: 'uri_folder', dataUri: uri }],
    ['components/known/versions/1', { componentSpec: { type: 'command', command: 'true' } }],
    ['components/pipeline/versions/1', { componentSpec: { type: 'pipeline', jobs: {} } }],
    [
      'jobs/known',
      {
        jobType: 'Spark',
        codeId: 'azureml:known:1',
        entry: { sparkJobEntryType: 'SparkJobPythonEntry', file: 'a.py' },
      },
    ],
  ] as const)
    await made(client, at, { properties });
  const location = 'local';
  await made(client, 'registries/known', { location, properties: {} });
  await made(client, 'connections/known', { properties: { authType: 'None', category: 'Git', target: 'x' } });
  for (const kind of ['online', 'batch'])
    await made(client, `${kind}Endpoints/known`, { location, properties: { authMode: 'Key' } });
  await makeServed(client);
}

/** A scoring script that really runs. */
async function makeServed(client: Client): Promise<void> {
  const { json } = await client.send('POST', 'codes/served/versions/1/startPendingUpload', {});
  const { blobUri, credential } = json.blobReferenceForConsumption;
  const script = 'def init(): pass\ndef run(data): return data\n';
  await client.blob('PUT', String(credential.sasUri).replace('?', '/src/score.py?'), script);
  await made(client, 'codes/served/versions/1', { properties: { codeUri: `${blobUri}/src` } });
}

async function made(client: Client, at: string, body: object): Promise<void> {
  const { status, json } = await client.send('PUT', at, body);
  if (status > 201) throw new Error(`${at} could not be made: ${JSON.stringify(json)}`);
}

/** What is accepted is looked at, not carried out: no process starts. */
async function holdWorkBack(client: Client, adminToken: string): Promise<void> {
  const faults = [
    { fault: 'slow-provisioning', inSeconds: 1_000_000, on: { method: 'PUT', path: 'jobs/*' } },
    { fault: 'image-build-failure', on: { method: 'PUT', path: 'onlineEndpoints/*/deployments/d-*' } },
  ];
  await client.send('PUT', '/admin/faults', { faults }, adminToken);
}
