import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  startDevOps,
  type ApprovalView,
  type BuildView,
  type ReleaseApprovalView,
  type ReleaseView,
  type DevOpsServer,
  type TimelineView,
} from '../../../local/devops/index.ts';

import { exampleRelease, releasesInMemory } from '../../helpers/releases.ts';

const run = promisify(execFile);

/** What a task would find, in a process that has an agent's environment from its start. */
const TELL = `
import { approvalsOfStage } from ${JSON.stringify(path.resolve('shared/pipelines/index.ts'))};
approvalsOfStage().then(
  (approvals) => console.log('\\nAPPROVALS ' + JSON.stringify(approvals)),
  (error) => console.log('\\nFAILED ' + error),
);
`;
const PROJECT = { id: '6f6a3f5e-9b3a-4a57-8f39-1d3c6a1f2b10', name: 'models' };
const PLAN = '1d9c3a7e-0000-4000-8000-000000000001';
const APPROVAL = '7c0f5d52-0000-4000-8000-00000000000a';

function record(part: Pick<TimelineView, 'id' | 'parentId' | 'type' | 'identifier'>): TimelineView {
  return {
    ...part,
    name: part.identifier,
    refName: undefined,
    state: 'completed',
    result: 'succeeded',
    startTime: undefined,
    finishTime: undefined,
    order: 1,
    attempt: 1,
    percentComplete: undefined,
    currentOperation: undefined,
    issues: [],
    errorCount: 0,
    warningCount: 0,
    task: undefined,
    workerName: undefined,
    log: undefined,
    attachments: [],
  };
}

const build: BuildView = {
  id: 12,
  number: '20260301.1',
  planId: PLAN,
  definition: { id: 1, name: 'diabetes' },
  status: 'inProgress',
  result: undefined,
  queueTime: '2026-03-01T10:00:00Z',
  startTime: undefined,
  finishTime: undefined,
  requestedFor: { displayName: 'Ada', uniqueName: 'ada@example.org' },
  sourceBranch: undefined,
  sourceVersion: undefined,
  tags: [],
  records: [
    record({ id: 's1', parentId: undefined, type: 'Stage', identifier: 'Train' }),
    record({ id: 's2', parentId: undefined, type: 'Stage', identifier: 'DeployProduction' }),
    record({ id: 'c2', parentId: 's2', type: 'Checkpoint', identifier: 'Checkpoint' }),
    record({ id: APPROVAL, parentId: 'c2', type: 'Checkpoint.Approval', identifier: 'Approval' }),
  ],
  artifacts: [],
};

const approval: ApprovalView = {
  id: APPROVAL,
  buildId: 12,
  stage: 'DeployProduction',
  environment: 'production',
  instructions: undefined,
  approvers: ['grace@example.org'],
  status: 'approved',
  createdOn: '2026-03-01T10:05:00Z',
  decidedOn: '2026-03-01T10:09:00Z',
  decidedBy: { displayName: 'Grace', uniqueName: 'grace@example.org' },
  comment: 'numbers look right',
};

/** Of two stages: production was rejected first, then deployed again and approved by two. */
function approvedRelease(): ReleaseView {
  const release = exampleRelease();
  const one = (id: number, more: Partial<ReleaseApprovalView>): ReleaseApprovalView => ({
    id,
    type: 'preDeploy',
    status: 'approved',
    approver: { displayName: 'Approvers', uniqueName: 'approvers' },
    approvedBy: { displayName: 'Grace', uniqueName: 'grace@example.org' },
    comments: '',
    createdOn: '2026-03-01T10:05:00Z',
    modifiedOn: '2026-03-01T10:09:00Z',
    isAutomated: false,
    rank: 1,
    attempt: 2,
    ...more,
  });
  const approvals = [
    [one(1, { isAutomated: true, approvedBy: undefined, attempt: 1 })],
    [
      one(2, { status: 'rejected', attempt: 1, comments: 'no' }),
      one(4, { rank: 2, comments: 'numbers look right', modifiedOn: '2026-03-01T10:10:00Z' }),
      one(3, { approvedBy: { displayName: 'Ada', uniqueName: 'ada@example.org' } }),
      one(5, { type: 'postDeploy' }),
    ],
  ];
  const environments = release.environments.map((stage, index) => ({
    ...stage,
    approvals: approvals[index]!,
  }));
  return { ...release, environments };
}

describe('Who approved a stage', () => {
  let server: DevOpsServer;
  let token: string;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'approvals-'));
    server = await startDevOps({
      organization: 'example',
      project: PROJECT,
      connections: [],
      builds: {
        find: (id) => (id === 12 ? build : undefined),
        approval: (id) => (id === APPROVAL ? approval : undefined),
        approvals: () => [approval],
      },
      releases: releasesInMemory([approvedRelease()]),
    });
    ({ token } = server.admitJob({ planId: PLAN, jobId: 'j' }));
  });
  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function tell(variables: Record<string, string>): Promise<string> {
    const auth = { scheme: 'OAuth', parameters: { AccessToken: variables['TOKEN'] ?? token } };
    const script = ['--import', 'tsx', '--input-type=module', '-e', TELL];
    const { stdout } = await run(process.execPath, script, {
      env: {
        PATH: process.env['PATH'],
        AGENT_TEMPDIRECTORY: folder,
        SYSTEM_HOSTTYPE: 'build',
        SYSTEM_COLLECTIONURI: server.collectionUri,
        SYSTEM_TEAMPROJECTID: PROJECT.id,
        BUILD_BUILDID: '12',
        ENDPOINT_URL_SYSTEMVSSCONNECTION: server.collectionUri,
        ENDPOINT_AUTH_SYSTEMVSSCONNECTION: JSON.stringify(auth),
        ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION: 'OAuth',
        ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: auth.parameters.AccessToken,
        ...variables,
      },
    });
    return stdout.split('\n').find((line) => /^(APPROVALS|FAILED)/.test(line)) ?? stdout;
  }

  it('is read from the run, with time and words', async () => {
    assert.deepEqual(
      JSON.parse((await tell({ SYSTEM_STAGENAME: 'DeployProduction' })).replace('APPROVALS ', '')),
      [{ name: 'Grace', at: '2026-03-01T10:09:00Z', comment: 'numbers look right' }],
    );
  });

  it('is read from a classic release, for the very deployment that runs', async () => {
    const release = {
      SYSTEM_HOSTTYPE: 'release',
      SYSTEM_TEAMFOUNDATIONSERVERURI: server.collectionUri,
      RELEASE_RELEASEID: '3',
      RELEASE_ENVIRONMENTID: '2',
      RELEASE_ATTEMPTNUMBER: '2',
    };
    assert.deepEqual(JSON.parse((await tell(release)).replace('APPROVALS ', '')), [
      { name: 'Ada', at: '2026-03-01T10:09:00.000Z' },
      { name: 'Grace', at: '2026-03-01T10:10:00.000Z', comment: 'numbers look right' },
    ]);
    assert.equal(
      await tell({ ...release, RELEASE_ENVIRONMENTID: '1', RELEASE_ATTEMPTNUMBER: '1' }),
      'APPROVALS []',
    );
  });

  it('is nobody for a stage nobody was asked about, and outside a pipeline run', async () => {
    assert.equal(await tell({ SYSTEM_STAGENAME: 'Train' }), 'APPROVALS []');
    assert.equal(
      await tell({ SYSTEM_STAGENAME: 'DeployProduction', SYSTEM_HOSTTYPE: 'release' }),
      'APPROVALS []',
    );
  });

  it('stays unknown, with a reason, when the token is not accepted', async () => {
    assert.match(await tell({ SYSTEM_STAGENAME: 'DeployProduction', TOKEN: 'wrong' }), /^FAILED /);
  });
});
