import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rendered, templateOf, TRIGGERS } from './templates.ts';
import { openOrganization, type Organization } from '../../local/runner/index.ts';
import { readPipeline } from '../../local/runner/read/index.ts';
import { startTestWorkspace, type TestWorkspace } from '../helpers/workspace.ts';
import {
  createProject,
  logOf,
  readRecord,
  removeProjects,
  screen,
  type Project,
} from '../local/runner/execute/harness.ts';
import { bash, definition, stage } from '../local/runner/release/definitions.ts';
import { read } from '../local/runner/release/harness.ts';
import { startReceiver } from '../local/workspace/services/eventSubscriptions/receiver.ts';
import { until } from '../local/workspace/services/jobs/lab.ts';

const HOST = fileURLToPath(new URL('functionHost.mjs', import.meta.url));
const PIPELINE = path.join(TRIGGERS, 'azure-pipelines-webhook.yml');
const APPLICATION = 'api://triggers';
const VERSION = 'api-version=2022-06-15';

describe('The triggers sample', () => {
  let workspace: TestWorkspace;
  let project: Project;
  let organization: Organization;
  const functions: ChildProcess[] = [];
  const failures: unknown[] = [];

  before(async () => {
    [workspace, project] = [await startTestWorkspace(), createProject()];
    const artifacts = [
      {
        ...{ alias: 'model', type: 'AzureMLModel', isPrimary: true, sourceId: 's' },
        definitionReference: { definition: { id: 'churn', name: 'churn' } },
      },
    ];
    const script =
      'echo "deploys $(Release.Artifacts.model.DefinitionName):$(Release.Artifacts.model.BuildNumber)"';
    organization = await openOrganization({
      definitions: [await read(project, definition([stage('Staging', [bash(script)])], { artifacts }))],
      pipelines: [{ file: PIPELINE, repository: TRIGGERS }],
      runsFolder: project.runs,
      failed: (error) => void failures.push(error),
      settings: {
        ...{ connections: [], taskFolders: [path.join(project.folder, 'tasks')] },
        terminal: screen().terminal,
        secretsKeyFile: path.join(project.folder, 'home', 'key'),
        environment: { PATH: process.env['PATH'], HOME: project.folder },
        artifactTypes: [{ name: 'AzureMLModel', downloadTaskId: undefined, newest: async () => undefined }],
      },
    });
  });
  after(async () => {
    for (const one of functions.filter(({ exitCode }) => exitCode === null)) {
      const gone = once(one, 'exit');
      one.kill();
      await gone;
    }
    await organization.close();
    await workspace.stop();
    removeProjects();
  });

  /** Starts the function as its host does, with these application settings; returns its address. */
  async function startFunction(settings: Readonly<Record<string, string>>): Promise<string> {
    const { apiUrl, tenantId, caFile } = workspace.address;
    const child = spawn(
      process.execPath,
      [HOST, path.join(TRIGGERS, 'function/src/functions/modelRegistered.js')],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: {
          PATH: process.env['PATH'],
          NODE_EXTRA_CA_CERTS: caFile,
          WORKSPACE_ID: workspace.id,
          TENANT_ID: tenantId,
          APPLICATION_ID: APPLICATION,
          TOKEN_ISSUER: `https://sts.localhost/${tenantId}/`,
          TOKEN_KEYS_URL: `${apiUrl}/${tenantId}/discovery/v2.0/keys`,
          ...settings,
        },
      },
    );
    functions.push(child);
    const [line] = await once(child.stdout!, 'data');
    return String(line).trim();
  }

  /** Puts the event subscription of the template, with these values for its parameters. */
  async function subscribe(name: string, given: Readonly<Record<string, string>>): Promise<void> {
    const { parameters, resources } = templateOf('eventSubscription.json');
    const values = Object.entries(parameters).map(([key, { defaultValue }]) => [
      key,
      given[key] ?? defaultValue,
    ]);
    const { properties } = rendered(resources[0], Object.fromEntries(values));
    const address = `${workspace.id}/providers/Microsoft.EventGrid/eventSubscriptions/${name}?${VERSION}`;
    const { status, json, text } = await workspace.send('PUT', address, { body: { properties } });
    assert.equal(status, 201, text);
    assert.equal(json.properties.provisioningState, 'Succeeded');
  }

  async function register(name: string, version: number): Promise<void> {
    const modelUri = 'azureml://datastores/workspaceblobstore/paths/models/m.txt';
    const address = `${workspace.id}/models/${name}/versions/${version}?api-version=2025-12-01`;
    await workspace.send('PUT', address, { body: { properties: { modelUri } } });
  }

  const records = () =>
    readdirSync(project.runs)
      .filter((name) => /^\d+$/.test(name))
      .map((name) => path.join(project.runs, name))
      .filter((folder) => existsSync(path.join(folder, 'run.json')));
  const logsOf = (folder: string): string =>
    readRecord(folder)
      .stages.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps.map((step) => logOf(folder, step))))
      .join('\n');

  it('makes a release of a model that was registered, once for each event, and takes it from nobody else', async () => {
    const endpointUrl = await startFunction({
      RELEASE_URL: organization.collectionUri,
      RELEASE_PROJECT: organization.project,
      RELEASE_DEFINITION_ID: '7',
      RELEASE_ARTIFACT: 'model',
      RELEASE_TOKEN: organization.token,
    });
    await subscribe('release', {
      ...{ workspaceName: workspace.address.workspaceName, endpointUrl },
      ...{ tenantId: workspace.address.tenantId, applicationId: APPLICATION, modelNamePrefix: 'churn' },
    });
    await register('other', 1);
    await register('churn', 4);
    await until(() => records().length === 1, 'the release');
    await organization.idle();
    assert.deepEqual(failures, []);
    const [folder] = records();
    assert.equal(readRecord(folder!).release?.reason, 'continuousIntegration');
    assert.match(logsOf(folder!), /deploys churn:4/);

    const [, event] = /\[event (.*)\]/.exec(readRecord(folder!).release?.description ?? '') ?? [];
    const token = await tokenOf();
    const post = (more: object, authorization?: string) =>
      fetch(endpointUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: JSON.stringify([
          {
            ...{ id: event, topic: workspace.id, subject: 'models/churn:4' },
            eventType: 'Microsoft.MachineLearningServices.ModelRegistered',
            data: { modelName: 'churn', modelVersion: '4' },
            ...more,
          },
        ]),
      });
    assert.equal((await post({}, token)).status, 200);
    assert.equal(records().length, 1, 'the same event makes no second release');
    assert.equal((await post({ id: 'new' })).status, 401);
    assert.equal((await post({ id: 'new' }, `${token}x`)).status, 401);
    assert.equal((await post({ id: 'new' }, `Bearer ${await workspace.token()}`)).status, 401);
    assert.equal((await post({ id: 'new', topic: '/subscriptions/other' }, token)).status, 403);
    assert.equal(
      (await post({ id: 'new', data: { ModelName: 'a; b', ModelVersion: 1 } }, token)).status,
      500,
    );
    assert.equal(records().length, 1);
  });

  it('starts a pipeline by a signed webhook, which its own text cannot break out of', async () => {
    const [webhook] = organization.webhooks;
    const endpointUrl = await startFunction({
      WEBHOOK_URL: webhook!.url,
      WEBHOOK_SECRET: webhook!.secret!,
      WEBHOOK_HEADER: webhook!.header!,
      MODEL_NAME: 'diabetes',
    });
    await subscribe('pipeline', {
      ...{ workspaceName: workspace.address.workspaceName, endpointUrl },
      ...{ tenantId: workspace.address.tenantId, applicationId: APPLICATION },
    });
    const before = records().length;
    await register('diabetes', 9);
    await until(() => records().length === before + 1, 'the run');
    await organization.idle();
    assert.deepEqual(failures, []);
    const folder = records().find((one) => readRecord(one).release === undefined)!;
    assert.equal(readRecord(folder).result, 'succeeded');
    assert.match(logsOf(folder), /diabetes version 9 was registered[^]*model: azureml:diabetes:9/);
    const payloads = { registered: { model: { name: '$(curl evil)"; x', version: '`evil`' } } };
    const plan = await readPipeline({ file: PIPELINE, payloads, predefined: {} });
    const [job] = plan.stages[0]!.jobs;
    const scripts = job?.kind === 'job' ? job.steps.flatMap((one) => (one.kind === 'script' ? one : [])) : [];
    assert.ok(scripts.every(({ script }) => !script.text.includes('evil')));
  });

  /** A token as Event Grid sends it: taken from a delivery to an endpoint of this test. */
  async function tokenOf(): Promise<string> {
    const receiver = await startReceiver();
    await subscribe('spy', {
      ...{ workspaceName: workspace.address.workspaceName, endpointUrl: `${receiver.url}/spy` },
      ...{ tenantId: workspace.address.tenantId, applicationId: APPLICATION },
    });
    await receiver.close();
    return String(receiver.received[0]?.headers.authorization);
  }
});
