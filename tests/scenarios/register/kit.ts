import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import assert from 'node:assert/strict';
import type { AzureML, ModelVersion } from '../../../shared/azureml/index.ts';
import { runTask, type TaskOptions, type TaskRun } from '../../helpers/taskProcess.ts';
import { startTestWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';
import { clientFor } from '../../shared/delivery/workspace.ts';

/** A workspace with jobs that wrote models, a folder for local ones, and the built task. */
export interface RegisterKit {
  readonly workspace: TestWorkspace;
  readonly client: AzureML;
  readonly folder: string;
  run(inputs: Readonly<Record<string, string>>, options?: Partial<TaskOptions>): Promise<TaskRun>;
  /** The same, and fails the test when the task did not succeed. */
  ok(inputs: Readonly<Record<string, string>>, options?: Partial<TaskOptions>): Promise<TaskRun>;
  write(name: string, content: string | Buffer): Promise<string>;
  /** Runs a job to its end (unless told otherwise) whose command may write to `${{outputs.model}}`. */
  train(name: string, command: string, wait?: boolean): Promise<void>;
  model(name: string, version: string): Promise<ModelVersion>;
  versions(name: string): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startRegisterKit(): Promise<RegisterKit> {
  const workspace = await startTestWorkspace();
  await workspace.storageReady;
  const client = clientFor(workspace, 'RegisterModel');
  await client.assets.arm.put(
    'environments/plain/versions/1',
    {
      properties: {
        image: 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04',
        condaFile: 'dependencies: []\n',
      },
    },
    { apiVersion: '2024-10-01' },
  );
  const folder = await mkdtemp(path.join(os.tmpdir(), 'register-'));
  const run: RegisterKit['run'] = (inputs, options = {}) =>
    runTask('RegisterModel', workspace, { ...options, inputs });
  return {
    workspace,
    client,
    folder,
    run,
    async ok(inputs, options) {
      const done = await run(inputs, options);
      assert.equal(done.result, 'Succeeded', [done.message, ...done.errors, done.log].join('\n'));
      return done;
    },
    async write(name, content) {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
      return file;
    },
    async train(name, command, wait = true) {
      await client.jobs.put(name, {
        properties: {
          jobType: 'Command',
          experimentName: 'register',
          command,
          environmentId: `${workspace.id}/environments/plain/versions/1`,
          computeId: `${workspace.id}/computes/cpu-cluster`,
          outputs: { model: { jobOutputType: 'custom_model' } },
        },
      });
      while (wait && (await client.jobs.get(name))?.status !== 'Completed')
        await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async model(name, version) {
      const found = await client.models.get(name, version);
      assert(found, `${name}:${version}`);
      return found;
    },
    async versions(name) {
      const found: string[] = [];
      for await (const { version } of client.models.list(name)) found.push(version);
      return found.sort();
    },
    async stop() {
      await workspace.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
