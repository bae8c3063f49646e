import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isEnded, type AzureML, type Job } from '../../../shared/azureml/index.ts';
import { runTask, type TaskRun } from '../../helpers/taskProcess.ts';
import { startTestWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';
import { clientFor } from '../../shared/delivery/workspace.ts';

/** A workspace in which jobs were run and EvaluateModel can be. */
export interface EvaluateKit {
  readonly workspace: TestWorkspace;
  readonly client: AzureML;
  /** Runs a job to its end and logs metrics in its name. */
  train(name: string, training?: Training): Promise<Job>;
  /** Registers a version of model `m` that a job made. */
  register(version: string, job: string, tags?: Record<string, string>): Promise<void>;
  evaluate(inputs: Readonly<Record<string, string>>, abortSignal?: AbortSignal): Promise<TaskRun>;
  /** Name of a job that runs and whose name matches, as soon as there is one. */
  jobRunning(name: RegExp): Promise<string>;
  /** Status of a job when it has ended. */
  endOf(job: string): Promise<string>;
}

interface Training {
  readonly metrics?: Readonly<Record<string, number | string>>;
  readonly command?: string;
  /** Address of the data the job reads. */
  readonly data?: string;
  /** false: the job is submitted and not waited for. */
  readonly wait?: boolean;
}

const ENVIRONMENT = {
  image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04',
  condaFile: 'dependencies: []\n',
};

export async function startEvaluateKit(): Promise<EvaluateKit> {
  const workspace = await startTestWorkspace();
  await workspace.storageReady;
  const client = clientFor(workspace, 'EvaluateModel');
  await client.assets.arm.put(
    'environments/plain/versions/1',
    { properties: ENVIRONMENT },
    { apiVersion: '2024-10-01' },
  );
  const place = { datastore: 'workspaceblobstore', path: 'frozen/test.csv' };
  await client.blobs.write(place, Buffer.from('x,y\n1,2\n'), 'text/csv');
  return {
    workspace,
    client,
    async train(name, training = {}) {
      const job = await client.jobs.put(name, bodyOf(workspace, training));
      if (training.wait === false) return job;
      const ended = await endOf(client, name);
      assert.equal(ended.status, training.command === 'exit 1' ? 'Failed' : 'Completed');
      await logMetrics(workspace, name, training.metrics ?? {});
      return ended;
    },
    async register(version, job, tags = {}) {
      const modelUri = `azureml://jobs/${job}/outputs/model/paths/`;
      await client.models.create('m', version, { modelUri, modelType: 'custom_model', tags });
    },
    evaluate: (inputs, abortSignal) =>
      runTask('EvaluateModel', workspace, { inputs, ...(abortSignal && { abortSignal }) }),
    jobRunning: (name) => jobRunning(workspace, name),
    endOf: async (job) => (await endOf(client, job)).status,
  };
}

function bodyOf(workspace: TestWorkspace, { command, data }: Training): Record<string, unknown> {
  const uri = data ?? 'azureml://datastores/workspaceblobstore/paths/frozen/test.csv';
  return {
    properties: {
      jobType: 'Command',
      experimentName: 'evaluate',
      command: command ?? 'echo a model > ${{outputs.model}}/model.txt',
      environmentId: `${workspace.id}/environments/plain/versions/1`,
      computeId: `${workspace.id}/computes/cpu-cluster`,
      inputs: {
        data: { jobInputType: 'uri_file', uri, mode: 'ReadOnlyMount' },
        alpha: { jobInputType: 'literal', value: '0.5' },
      },
      outputs: { model: { jobOutputType: 'custom_model' } },
    },
  };
}

async function endOf(client: AzureML, name: string): Promise<Job> {
  for (;;) {
    const job = await client.jobs.get(name);
    assert.ok(job);
    if (isEnded(job.status)) return job;
    await sleep(100);
  }
}

async function jobRunning(workspace: TestWorkspace, name: RegExp): Promise<string> {
  for (;;) {
    const { json } = await workspace.send('GET', `${workspace.id}/jobs?api-version=2024-10-01`);
    const jobs = json.value as { name: string; properties: { status: string } }[];
    const found = jobs.find((job) => name.test(job.name) && job.properties.status === 'Running');
    if (found) return found.name;
    await sleep(100);
  }
}

/** As a job does it, by MLflow's own protocol. */
async function logMetrics(
  workspace: TestWorkspace,
  job: string,
  metrics: Readonly<Record<string, number | string>>,
): Promise<void> {
  const url = `/mlflow/v2.0${workspace.id}/api/2.0/mlflow/runs/log-batch`;
  const entries = Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 1, step: 0 }));
  const answer = await workspace.send('POST', url, { body: { run_id: job, metrics: entries } });
  assert.equal(answer.status, 200, answer.text);
}
