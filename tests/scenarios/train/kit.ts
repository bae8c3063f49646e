import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTask, type TaskOptions, type TaskRun } from '../../helpers/taskProcess.ts';
import { startTestWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';
import type { WorkspaceOptions } from '../../../local/workspace/index.ts';

/** A job file as small as can be; the interpreter on PATH satisfies its environment. */
export const JOB = `type: command
experiment_name: diabetes
code: src
command: python3 train.py
environment: azureml:plain:1
compute: azureml:cpu-cluster
`;

/** Logs metrics by MLflow's own protocol, with nothing but Python. */
const TRACK = `import json, os, urllib.request
def metrics(values, run=None):
    base = os.environ['MLFLOW_TRACKING_URI'].replace('azureml://', 'https://').replace('/v1.0/', '/v2.0/')
    run = run or os.environ['MLFLOW_RUN_ID']
    body = {'run_id': run, 'metrics': [{'key': k, 'value': v, 'timestamp': 1, 'step': 0} for k, v in values.items()]}
    headers = {'authorization': 'Bearer ' + os.environ['MLFLOW_TRACKING_TOKEN'], 'content-type': 'application/json'}
    request = urllib.request.Request(base + '/api/2.0/mlflow/runs/log-batch', json.dumps(body).encode(), headers)
    urllib.request.urlopen(request).read()
`;

/** A workspace, a folder with a job in it, and the built task. */
export interface TrainKit {
  readonly workspace: TestWorkspace;
  readonly folder: string;
  /** Runs TrainModel with the folder's job.yml, unless other inputs say otherwise; empty inputs take one away. */
  run(inputs?: Readonly<Record<string, string>>, options?: Partial<TaskOptions>): Promise<TaskRun>;
  /** The same, and fails the test when the task did not succeed. */
  ok(inputs?: Readonly<Record<string, string>>, options?: Partial<TaskOptions>): Promise<TaskRun>;
  /** Writes a file into the folder and gives its path. */
  write(name: string, content: string): Promise<string>;
  /** A folder of its own below the kit's, with a job file and code; gives the job file's path. */
  project(name: string, script: string, job?: string): Promise<string>;
  /** What the workspace says of a job. */
  job(name: string): Promise<JobView>;
  jobNames(): Promise<string[]>;
  /** The newest job of an experiment, as soon as it is in this state. */
  jobIn(status: string, experiment: string): Promise<JobView>;
  stop(): Promise<void>;
}

export interface JobView {
  readonly name: string;
  readonly properties: {
    readonly status: string;
    readonly experimentName: string;
    readonly displayName: string;
    readonly command: string;
    readonly codeId?: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly properties: Readonly<Record<string, string>>;
    readonly inputs: Readonly<Record<string, { uri?: string; value?: string; jobInputType: string }>>;
    readonly outputs: Readonly<Record<string, unknown>>;
  };
}

export async function startTrainKit(options: Partial<WorkspaceOptions> = {}): Promise<TrainKit> {
  const workspace = await startTestWorkspace(options);
  await workspace.storageReady;
  const arm = (method: string, below: string, body?: unknown) =>
    workspace.send(method, `${workspace.id}${below}?api-version=2024-10-01`, { body });
  await arm('PUT', '/environments/plain/versions/1', {
    properties: {
      image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04',
      condaFile: 'dependencies: []\n',
    },
  });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'train-'));
  const write = async (name: string, content: string): Promise<string> => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  const project: TrainKit['project'] = async (name, script, job = JOB) => {
    await write(`${name}/src/train.py`, script);
    await write(`${name}/src/track.py`, TRACK);
    return write(`${name}/job.yml`, job);
  };
  const jobFile = await project('plain', 'print("trained")\n');
  const run: TrainKit['run'] = (inputs = {}, more = {}) =>
    runTask('TrainModel', workspace, { ...more, inputs: { jobFile, ...inputs } });
  const jobs = async (): Promise<JobView[]> => (await arm('GET', '/jobs')).json.value;
  return {
    workspace,
    folder,
    run,
    write,
    project,
    async ok(inputs, more) {
      const done = await run(inputs, more);
      assert.equal(done.result, 'Succeeded', [done.message, ...done.errors, done.log].join('\n'));
      return done;
    },
    job: async (name) => (await arm('GET', `/jobs/${name}`)).json,
    jobNames: async () => (await jobs()).map(({ name }) => name).sort(),
    async jobIn(status, experiment) {
      for (;;) {
        const found = (await jobs()).find(
          ({ properties }) => properties.status === status && properties.experimentName === experiment,
        );
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async stop() {
      await workspace.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
