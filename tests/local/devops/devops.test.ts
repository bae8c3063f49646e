import 'reflect-metadata';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as x509 from '@peculiar/x509';
import { Ajv, type ValidateFunction } from 'ajv';
import { BuildApi } from 'azure-devops-node-api/BuildApi.js';
import { BasicCredentialHandler } from 'azure-devops-node-api/handlers/basiccreds.js';
import { BearerCredentialHandler } from 'azure-devops-node-api/handlers/bearertoken.js';
import { TaskApi } from 'azure-devops-node-api/TaskApi.js';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Agent, request } from 'undici';
import { startDevOps, type DevOpsServer } from '../../../local/devops/index.ts';
import type { RunRecord } from '../../../local/runner/index.ts';
import { showRun } from '../../../local/runner/record/view.ts';

const published = fileURLToPath(new URL('../../../../shared/azure-devops-api/', import.meta.url));
const PLAN = 'b996e6ce-cfb6-4e1e-94e0-0c26eb32f449';
const JOB = '0791fdac-53ca-42a8-ba59-581877b5d184';
const APPROVAL = '5fd139b2-ecf8-47ed-a053-a681725b4782';
const CONNECTION = { id: '7e1ac9b2-2f3c-4a53-9d05-0d5f4a1b6c11', name: 'azure prod' };

/** A run with a step that wrote a log and an attachment, and a stage somebody approved. */
function exampleRun(folder: string): RunRecord {
  writeFileSync(path.join(folder, 'step.log'), 'one\ntwo\n');
  writeFileSync(path.join(folder, 'evidence.json'), '{"a":1}');
  const time = '2026-01-02T03:04:05.678Z';
  const base = { issues: [], dependsOn: [], startTime: time, finishTime: time, durationInMs: 1 };
  return {
    schemaVersion: 1,
    id: 7,
    name: '20260102.1',
    pipeline: { name: 'diabetes', file: 'azure-pipelines.yml' },
    project: { organization: 'local', name: 'models' },
    source: { repository: '/r', branch: 'refs/heads/main', commit: 'a'.repeat(40) },
    requestedFor: { displayName: 'Ada', uniqueName: 'ada@example.org' },
    state: 'inProgress',
    planId: PLAN,
    startTime: time,
    variables: [],
    issues: [],
    tags: ['good'],
    artifacts: [{ name: 'drop', type: 'PipelineArtifact', folder: 'artifacts/drop' }],
    stages: [
      {
        ...base,
        id: '1fd139b2-ecf8-47ed-a053-a681725b4701',
        name: 'Prod',
        displayName: 'To production',
        attempt: 1,
        state: 'inProgress',
        approvals: [
          {
            id: APPROVAL,
            environment: 'production',
            approvers: [],
            status: 'approved',
            createdOn: time,
            decidedOn: time,
            decidedBy: { displayName: 'Grace', uniqueName: 'grace@example.org' },
            comment: 'go',
          },
        ],
        jobs: [
          {
            ...base,
            id: JOB,
            name: 'deploy',
            displayName: 'Deploy',
            kind: 'deployment',
            state: 'completed',
            result: 'succeededWithIssues',
            variables: [],
            steps: [
              {
                ...base,
                id: '2fd139b2-ecf8-47ed-a053-a681725b4702',
                refName: 'dep',
                displayName: 'Deploy it',
                kind: 'task',
                task: { id: '6f0b3c4e-0000-4000-8000-000000000001', name: 'DeployModel', version: '1.0.0' },
                state: 'completed',
                result: 'succeededWithIssues',
                percentComplete: 50,
                issues: [{ type: 'warning', message: 'slow', line: 3 }],
                errorCount: 0,
                warningCount: 1,
                log: 'step.log',
                attachments: [{ type: 'azureml.evidence', name: 'a b.json', file: 'evidence.json' }],
                outputs: [],
                details: [],
              },
            ],
          },
        ],
      },
    ],
  };
}

/** The schema of one published definition; members the definition does not name are an error. */
function schemaOf(file: string, definition: string): ValidateFunction {
  const source = path.join(published, file);
  assert.ok(existsSync(source), `The published API is missing: there is no ${source}.`);
  const swagger: unknown = JSON.parse(readFileSync(source, 'utf8').replace(/^\uFEFF/, ''));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  for (const format of ['int32', 'int64', 'double'])
    ajv.addFormat(format, { type: 'number', validate: () => true });
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const definitions: unknown = Reflect.get(Object(swagger), 'definitions');
  return ajv.compile({ definitions, $ref: `#/definitions/${definition}` });
}

function assertFollows(answer: unknown, validate: ValidateFunction): void {
  assert.ok(validate(answer), JSON.stringify(validate.errors));
}

describe('the local Azure DevOps over HTTPS', () => {
  it('serves with the certificate it is given, and names itself localhost', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    const names = new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]);
    const authority = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=localhost',
      keys,
      extensions: [names],
    });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    const certificate = authority.toString('pem');
    const secure = await startDevOps({
      organization: 'local',
      project: { id: 'f317d9c1-0bb0-4d08-a1af-c14e3e4dad40', name: 'models' },
      connections: [],
      builds: { find: () => undefined, approval: () => undefined, approvals: () => [] },
      tls: { certificate, key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----` },
    });
    const dispatcher = new Agent({ connect: { ca: certificate } });
    try {
      const answer = await request(`${secure.origin}/.well-known/openid-configuration`, { dispatcher });
      assert.match(secure.origin, /^https:\/\/localhost:/);
      assert.equal(Object(await answer.body.json()).issuer, secure.origin);
    } finally {
      await dispatcher.close();
      await secure.close();
    }
  });
});

describe('the local Azure DevOps', () => {
  let server: DevOpsServer;
  let token: string;
  let end: () => void;
  const folder = mkdtempSync(path.join(tmpdir(), 'devops-'));

  before(async () => {
    server = await startDevOps({
      organization: 'local',
      project: { id: 'f317d9c1-0bb0-4d08-a1af-c14e3e4dad40', name: 'models' },
      connections: [CONNECTION],
      builds: showRun(exampleRun(folder), folder),
    });
    ({ token, end } = server.admitJob({ planId: PLAN, jobId: JOB }));
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = async (way: string, bearer = token): Promise<Response> =>
    fetch(`${server.collectionUri}models/_apis/${way}`, { headers: { Authorization: `Bearer ${bearer}` } });

  it('answers azure-devops-node-api: build, timeline, attachments, logs, artifacts and tags', async () => {
    const builds = new BuildApi(server.collectionUri, [new BearerCredentialHandler(token)]);
    const build = await builds.getBuild('models', 7);
    assert.deepEqual([build.buildNumber, build.requestedFor?.displayName], ['20260102.1', 'Ada']);
    const timeline = await builds.getBuildTimeline('models', 7);
    assert.deepEqual(
      timeline.records?.map((one) => one.type),
      ['Stage', 'Checkpoint', 'Checkpoint.Approval', 'Phase', 'Job', 'Task'],
    );
    const [attachment] = await builds.getAttachments('models', 7, 'azureml.evidence');
    assert.equal(attachment?.name, 'a b.json');
    const task = timeline.records?.at(-1);
    const stream = await builds.getAttachment(
      'models',
      7,
      PLAN,
      task?.id ?? '',
      'azureml.evidence',
      'a b.json',
    );
    assert.equal(await textOf(stream), '{"a":1}');
    assert.deepEqual(await builds.getBuildLogLines('models', 7, task?.log?.id ?? 0), ['one', 'two']);
    assert.deepEqual(
      (await builds.getArtifacts('models', 7)).map((one) => one.name),
      ['drop'],
    );
    assert.deepEqual(await builds.getBuildTags('models', 7), ['good']);
  });

  it('lets WebApi find every client below the collection', async () => {
    const { WebApi, getBearerHandler } = await import('azure-devops-node-api');
    const builds = await new WebApi(server.collectionUri, getBearerHandler(token)).getBuildApi();
    assert.equal((await builds.getBuild('models', 7)).id, 7);
  });

  it('takes the token as the password of basic authentication too', async () => {
    const builds = new BuildApi(server.collectionUri, [new BasicCredentialHandler('anybody', token)]);
    assert.equal((await builds.getBuild('f317d9c1-0bb0-4d08-a1af-c14e3e4dad40', 7)).id, 7);
  });

  it('answers as the published API has it', async () => {
    const json = async (way: string): Promise<unknown> => (await get(way)).json();
    assertFollows(await json('build/builds/7?api-version=7.1'), schemaOf('build.json', 'Build'));
    assertFollows(await json('build/builds/7/timeline?api-version=7.1'), schemaOf('build.json', 'Timeline'));
    assertFollows(
      await json(`pipelines/approvals/${APPROVAL}?$expand=steps`),
      schemaOf('pipelinesapproval.json', 'Approval'),
    );
    const list = Object(await json('build/builds/7/artifacts'));
    assertFollows(list.value[0], schemaOf('build.json', 'BuildArtifact'));
    assertFollows(
      Object(await json('build/builds/7/attachments/azureml.evidence')).value[0],
      schemaOf('build.json', 'Attachment'),
    );
  });

  it('tells who approved only when the steps are asked for', async () => {
    const bare = Object(await (await get(`pipelines/approvals/${APPROVAL}`)).json());
    assert.deepEqual([bare.status, bare.steps], ['approved', undefined]);
    const full = Object(
      await (await get(`pipelines/approvals?approvalIds=${APPROVAL}&$expand=steps`)).json(),
    );
    const [step] = full.value[0].steps;
    assert.deepEqual(
      [step.actualApprover.uniqueName, step.comment, step.status],
      ['grace@example.org', 'go', 'approved'],
    );
  });

  it('gives a job a short-lived token that stands for a connection, signed with a published key', async () => {
    const ask = async (uri: string, id: string, bearer = token): Promise<Response> =>
      fetch(`${uri}?api-version=7.1&serviceConnectionId=${id}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${bearer}` },
      });
    const uri = server.oidcRequestUri({ planId: PLAN, jobId: JOB });
    const { oidcToken } = Object(await (await ask(uri, CONNECTION.id)).json());
    const configuration = Object(
      await (await fetch(`${server.origin}/.well-known/openid-configuration`)).json(),
    );
    const { payload } = await jwtVerify(
      String(oidcToken),
      createRemoteJWKSet(new URL(configuration.jwks_uri)),
      {
        issuer: server.origin,
        audience: 'api://AzureADTokenExchange',
      },
    );
    assert.equal(payload.sub, 'sc://local/models/azure prod');
    assert.ok((payload.exp ?? 0) - (payload.iat ?? 0) <= 600);
    assert.equal((await ask(uri, 'ffffffff-ffff-4fff-8fff-ffffffffffff')).status, 404);
    assert.equal((await ask(uri, CONNECTION.id, 'guessed')).status, 401);
    const other = server.admitJob({ planId: PLAN, jobId: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa' });
    assert.equal((await ask(uri, CONNECTION.id, other.token)).status, 403);
  });

  it('answers the token request of azure-devops-node-api', async () => {
    const tasks = new TaskApi(server.collectionUri, [new BearerCredentialHandler(token)]);
    const answer = await tasks.createOidcToken(
      {},
      'f317d9c1-0bb0-4d08-a1af-c14e3e4dad40',
      'build',
      PLAN,
      JOB,
      CONNECTION.id,
    );
    assert.equal(answer.oidcToken?.split('.').length, 3);
  });

  it('knows no other build, project, approval or path', async () => {
    for (const way of [
      'build/builds/8',
      'build/builds/7/timeline/x',
      `pipelines/approvals/${JOB}`,
      'git/repositories',
    ]) {
      const answer = await get(way);
      assert.equal(answer.status, 404, way);
      assert.equal(typeof Object(await answer.json()).message, 'string');
    }
    const other = await fetch(`${server.collectionUri}other/_apis/build/builds/7`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(other.status, 404);
  });

  it('refuses a token once its job has ended', async () => {
    const job = server.admitJob({ planId: PLAN, jobId: JOB });
    assert.equal((await get('build/builds/7', job.token)).status, 200);
    job.end();
    assert.equal((await get('build/builds/7', job.token)).status, 401);
    end();
    assert.equal((await get('build/builds/7')).status, 401);
  });
});

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
