import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { BearerCredentialHandler } from 'azure-devops-node-api/handlers/bearertoken.js';
import type { ReleaseStartMetadata } from 'azure-devops-node-api/interfaces/ReleaseInterfaces.js';
import { ReleaseApi } from 'azure-devops-node-api/ReleaseApi.js';
import { openOrganization, type Organization } from '../../../../local/runner/index.ts';
import {
  createProject,
  readRecord,
  removeProjects,
  screen,
  logOf,
  type Project,
} from '../execute/harness.ts';
import { bash, definition, stage } from '../release/definitions.ts';
import { read } from '../release/harness.ts';

const PIPELINE = `
resources:
  webhooks:
    - webhook: registered
      connection: models
      filters:
        - path: model.name
          value: churn
steps:
  - checkout: none
  - bash: echo "$NAME:$VERSION $(Build.Reason)"
    env:
      NAME: \${{ parameters.registered.model.name }}
      VERSION: \${{ parameters.registered.model.version }}
`;

describe('An organisation on this machine', () => {
  let project: Project;
  let organization: Organization;
  let api: ReleaseApi;
  const failures: unknown[] = [];

  before(async () => {
    project = createProject();
    project.write('azure-pipelines.yml', PIPELINE);
    const artifacts = [
      {
        ...{ alias: 'churn', type: 'AzureMLModel', isPrimary: true, sourceId: 's' },
        definitionReference: {
          definition: { id: 'churn', name: 'churn' },
          defaultVersionType: { id: 'selectDuringReleaseCreationType', name: '' },
        },
      },
    ];
    const show = [bash('echo "$(Release.Artifacts.churn.BuildNumber) $(stageWord) $(Release.Reason)"')];
    const variables = { stageWord: { value: 'as it is', allowOverride: true } };
    const stages = [stage('Staging', show, { variables }), stage('Production', show)];
    const type = { name: 'AzureMLModel', downloadTaskId: undefined, newest: async () => undefined };
    organization = await openOrganization({
      definitions: [await read(project, definition(stages, { artifacts }))],
      pipelines: [
        { file: path.join(project.repository, 'azure-pipelines.yml'), repository: project.repository },
      ],
      runsFolder: project.runs,
      secrets: { models: 'shared word' },
      failed: (error) => void failures.push(error),
      settings: {
        ...{ connections: [], taskFolders: [path.join(project.folder, 'tasks')] },
        terminal: screen().terminal,
        user: { displayName: 'Ada Lovelace', uniqueName: 'ada@example.org' },
        secretsKeyFile: path.join(project.folder, 'home', 'key'),
        environment: { PATH: process.env['PATH'], HOME: project.folder },
        ...{ virtualClock: true, artifactTypes: [type] },
      },
    });
    api = new ReleaseApi(organization.collectionUri, [new BearerCredentialHandler(organization.token)]);
  });
  after(async () => {
    await organization.close();
    removeProjects();
  });

  const start = (more: object = {}): ReleaseStartMetadata => ({
    definitionId: 7,
    description: 'a model was registered',
    reason: 2,
    artifacts: [{ alias: 'churn', instanceReference: { id: '12', name: '12' } }],
    ...more,
  });
  const logs = (id: number, stageName: string): string => {
    const folder = path.join(project.runs, String(id));
    const found = readRecord(folder).stages.find(({ name }) => name === stageName);
    return (found?.jobs ?? []).flatMap((job) => job.steps.map((step) => logOf(folder, step))).join('\n');
  };

  it('makes and deploys a release that azure-devops-node-api asks for', async () => {
    const environmentsMetadata = [
      { definitionEnvironmentId: 40, variables: { stageWord: { value: 'as asked' } } },
    ];
    const release = await api.createRelease(
      start({ manualEnvironments: ['Production'], environmentsMetadata }),
      'local',
    );
    assert.equal(release.artifacts?.[0]?.definitionReference?.['version']?.id, '12');
    assert.deepEqual([release.description, release.reason], ['a model was registered', 2]);
    await organization.idle();
    assert.deepEqual(failures, []);
    const id = release.id!;
    const done = await api.getRelease('local', id);
    assert.deepEqual(
      done.environments?.map(({ name, status }) => [name, status]),
      [
        ['Staging', 4],
        ['Production', 1],
      ],
    );
    assert.match(logs(id, 'Staging'), /12 as asked ContinuousIntegration/);
    await api.updateReleaseEnvironment({ status: 2 }, 'local', id, done.environments![1]!.id!);
    await organization.idle();
    const after = await api.getRelease('local', id);
    assert.equal(after.environments?.[1]?.status, 4);
  });

  it('keeps a draft as it is, and refuses what the definition does not have', async () => {
    const draft = await api.createRelease(start({ isDraft: true }), 'local');
    await organization.idle();
    assert.equal((await api.getRelease('local', draft.id!)).environments?.[0]?.status, 1);
    const wrong = [{ alias: 'other', instanceReference: { id: '1' } }];
    await assert.rejects(api.createRelease(start({ artifacts: wrong }), 'local'), /no artifact 'other'/);
    await assert.rejects(api.createRelease(start({ artifacts: [] }), 'local'), /no version to take/);
    const nobody = new ReleaseApi(organization.collectionUri, [new BearerCredentialHandler('guess')]);
    await assert.rejects(nobody.createRelease(start(), 'local'), /401|token/);
  });

  it('starts the pipelines whose filters a signed payload meets', async () => {
    const [webhook] = organization.webhooks;
    const post = (payload: unknown, secret?: string): Promise<Response> => {
      const body = JSON.stringify(payload);
      const signature = `sha1=${createHmac('sha1', secret ?? '')
        .update(body)
        .digest('hex')}`;
      const headers = secret === undefined ? {} : { [webhook!.header!]: signature };
      return fetch(webhook!.url, { method: 'POST', body, headers });
    };
    const before = (await runs()).length;
    const payload = (name: string) => ({ model: { name, version: 12 } });
    assert.equal((await post(payload('churn'))).status, 401);
    assert.equal((await post(payload('churn'), 'guessed')).status, 401);
    assert.equal((await post([payload('churn')], 'shared word')).status, 400);
    assert.equal((await post(payload('other'), 'shared word')).status, 200);
    assert.equal((await post(payload('churn'), 'shared word')).status, 200);
    await organization.idle();
    assert.deepEqual(failures, []);
    const after = await runs();
    assert.equal(after.length, before + 1);
    const record = readRecord(path.join(project.runs, String(after.at(-1))));
    assert.deepEqual([record.result, record.reason], ['succeeded', 'resourceTrigger']);
    const step = record.stages[0]!.jobs[0]!.steps.at(-1)!;
    assert.match(logOf(path.join(project.runs, String(record.id)), step), /churn:12 ResourceTrigger/);
    assert.equal((await fetch(webhook!.url.replace('models', 'none'), { method: 'POST' })).status, 404);
  });

  it('goes on after a pipeline that cannot be read', async () => {
    const file = path.join(project.repository, 'azure-pipelines.yml');
    writeFileSync(file, `${PIPELINE}\nnonsense: true\n`);
    const [webhook] = organization.webhooks;
    const body = JSON.stringify({ model: { name: 'churn', version: 13 } });
    const signature = `sha1=${createHmac('sha1', 'shared word').update(body).digest('hex')}`;
    await fetch(webhook!.url, { method: 'POST', body, headers: { 'x-hub-signature': signature } });
    await organization.idle();
    assert.match(String(failures.pop()), /nonsense/);
  });

  async function runs(): Promise<number[]> {
    const { readdir } = await import('node:fs/promises');
    const names = (await readdir(project.runs)).filter((name) => /^\d+$/.test(name));
    return names.map(Number).sort((one, other) => one - other);
  }
});
