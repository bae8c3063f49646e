import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { BearerCredentialHandler } from 'azure-devops-node-api/handlers/bearertoken.js';
import {
  ApprovalStatus,
  DeploymentStatus,
  EnvironmentStatus,
  GateStatus,
} from 'azure-devops-node-api/interfaces/ReleaseInterfaces.js';
import { ReleaseApi } from 'azure-devops-node-api/ReleaseApi.js';
import { startDevOps, type DevOpsServer } from '../../../local/devops/index.ts';
import type { ServerTasks } from '../../../local/runner/index.ts';
import { systemClock } from '../../../local/runner/agent/clock.ts';
import { createSeal } from '../../../local/runner/execute/seal.ts';
import { createRecorder } from '../../../local/runner/record/recorder.ts';
import { showRelease } from '../../../local/runner/release/execute/show.ts';
import { readReleaseState } from '../../../local/runner/release/state.ts';
import { createProject, removeProjects } from '../runner/execute/harness.ts';
import { approvedBy, bash, definition, gates, stage, task } from '../runner/release/definitions.ts';
import { release } from '../runner/release/harness.ts';

const published = fileURLToPath(new URL('../../../../shared/azure-devops-api/release.json', import.meta.url));
const GATE = '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a001';

/** What the service answers with: members its description does not name are an error; null stands for none, as in its own examples. */
function schemaOf(name: string): ValidateFunction {
  assert.ok(existsSync(published), `The published API is missing: there is no ${published}.`);
  const swagger: unknown = JSON.parse(readFileSync(published, 'utf8').replace(/^\uFEFF/, ''));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  for (const format of ['int32', 'int64', 'double'])
    ajv.addFormat(format, { type: 'number', validate: () => true });
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const definitions: unknown = Reflect.get(Object(swagger), 'definitions');
  return ajv.compile({ definitions, $ref: `#/definitions/${name}` });
}

function withoutNulls(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutNulls);
  if (typeof json !== 'object' || json === null) return json;
  const members = Object.entries(json).filter(([, one]) => one !== null);
  return Object.fromEntries(members.map(([name, one]) => [name, withoutNulls(one)]));
}

describe('the stages of releases of the local Azure DevOps', () => {
  let server: DevOpsServer;
  let api: ReleaseApi;
  let token: string;
  const answers: string[] = [];
  const asked: string[] = [];

  before(async () => {
    const project = createProject();
    project.task('TestGate', '', { id: GATE, execution: { HttpRequest: {} } });
    const serverTasks: ServerTasks = {
      run: () => Promise.resolve({ result: 'Succeeded', message: '0.8 >= 0.7' }),
    };
    const summary = 'echo "# Good" > page.md; echo "##vso[task.uploadsummary]$PWD/page.md"; echo deployed';
    const done = await release(
      project,
      definition([
        stage('Staging', [bash(summary)], {
          preDeploymentGates: gates([task(GATE, 'Verdict is better')]),
          preDeployApprovals: approvedBy(['Grace']),
        }),
        stage('Production', [bash('exit 1')], {
          preDeployApprovals: approvedBy(['Linus']),
          variables: {
            secret: { value: 'hidden', isSecret: true },
            size: { value: '1', allowOverride: true },
          },
        }),
      ]),
      { serverTasks, answers: { approve: 'all', reject: [], comment: 'go' } },
    );
    const { run, state } = readReleaseState(
      done.folder,
      createSeal(path.join(project.folder, 'home', 'key')),
    );
    const recorder = createRecorder(done.folder, run, systemClock, []);
    const shown = showRelease({
      ...{ recorder, state, mayManage: true, save: () => undefined, requested: new Set() },
      awaited: new Map([
        [done.stage('Production').approvals[0]?.id ?? '', (given) => void answers.push(given.status)],
      ]),
    });
    server = await startDevOps({
      organization: 'local',
      project: { id: 'f317d9c1-0bb0-4d08-a1af-c14e3e4dad40', name: 'models' },
      connections: [],
      builds: { find: () => undefined, approval: () => undefined, approvals: () => [] },
      releases: {
        ...shown,
        deploy: (_, id, variables) => void asked.push(`${id} ${variables['size']?.value}`),
      },
    });
    ({ token } = server.admitJob({ planId: 'p', jobId: 'j' }));
    api = new ReleaseApi(server.collectionUri, [new BearerCredentialHandler(token)]);
  });
  after(async () => {
    await server.close();
    removeProjects();
  });

  const get = async (way: string): Promise<unknown> => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(`${server.collectionUri}models/_apis/release/${way}`, { headers })).json();
  };

  it('follow the published API, with approvals, gates, deployments and definitions', async () => {
    const follows = (answer: unknown, name: string): void => {
      const validate = schemaOf(name);
      assert.ok(validate(withoutNulls(answer)), `${name}: ${JSON.stringify(validate.errors)}`);
    };
    const whole = Object(await get('releases/1'));
    follows(whole, 'Release');
    follows(whole.environments[0].deploySteps[0].preDeploymentGates, 'ReleaseGates');
    for (const environment of whole.environments) follows(environment, 'ReleaseEnvironment');
    follows(await get('releases/1/environments/101'), 'ReleaseEnvironment');
    for (const one of Object(await get('approvals?statusFilter=approved')).value)
      follows(one, 'ReleaseApproval');
    for (const one of Object(await get('deployments')).value) follows(one, 'Deployment');
    follows(Object(await get('definitions/7')), 'ReleaseDefinition');
  });

  it('have statuses, attempts, tasks and logs for azure-devops-node-api', async () => {
    const { environments } = await api.getRelease('models', 1);
    assert.deepEqual(
      environments?.map((one) => one.status),
      [EnvironmentStatus.Succeeded, EnvironmentStatus.Rejected],
    );
    const [staging, production] = environments ?? [];
    const [step] = staging?.deploySteps ?? [];
    assert.deepEqual([step?.attempt, step?.status], [1, DeploymentStatus.Succeeded]);
    assert.equal(step?.preDeploymentGates?.status, GateStatus.Succeeded);
    assert.equal(step.preDeploymentGates.deploymentJobs?.[0]?.tasks?.[0]?.issues?.[0]?.message, '0.8 >= 0.7');
    const phase = step.releaseDeployPhases?.[0];
    const log = await api.getTaskLog('models', 1, 101, Number(phase?.phaseId), 1);
    assert.match(await textOf(log), /deployed/);
    assert.deepEqual(production?.variables?.['secret'], { value: null, isSecret: true });
    const deployments = await api.getDeployments('models');
    assert.deepEqual(
      deployments.map((one) => [one.releaseEnvironment?.name, one.deploymentStatus]),
      [
        ['Production', DeploymentStatus.Failed],
        ['Staging', DeploymentStatus.Succeeded],
      ],
    );
  });

  it('show what their tasks attached, summaries among them', async () => {
    const environment = await api.getReleaseEnvironment('models', 1, 101);
    const planId = environment.deploySteps?.[0]?.releaseDeployPhases?.[0]?.runPlanId ?? '';
    const type = 'Distributedtask.Core.Summary';
    const [page] = await api.getReleaseTaskAttachments('models', 1, 101, 1, planId, type);
    assert.equal(page?.name, 'page.md');
    const content = await api.getReleaseTaskAttachmentContent(
      ...([
        'models',
        1,
        101,
        1,
        planId,
        page.timelineId ?? '',
        page.recordId ?? '',
        type,
        'page.md',
      ] as const),
    );
    assert.match(await textOf(content), /# Good/);
  });

  it('have approvals that are listed, and answered once', async () => {
    assert.deepEqual(await api.getApprovals('models'), []);
    const approved = await api.getApprovals('models', undefined, ApprovalStatus.Approved, [1]);
    assert.deepEqual(
      approved.map((one) => [one.releaseEnvironment?.name, one.approver?.displayName, one.comments]),
      [
        ['Production', 'Linus', 'go'],
        ['Staging', 'Grace', 'go'],
      ],
    );
    assert.equal(approved[0]?.approvedBy?.displayName, 'Ada Lovelace');
    const id = approved.find((one) => one.releaseEnvironment?.name === 'Production')?.id ?? 0;
    await api.updateReleaseApproval({ status: ApprovalStatus.Rejected, comments: 'no' }, 'models', id);
    assert.deepEqual(answers, ['rejected']);
    const other = approved.find((one) => one.id !== id)?.id ?? 0;
    await assert.rejects(
      api.updateReleaseApproval({ status: ApprovalStatus.Approved }, 'models', other),
      /is not pending/,
    );
  });

  it('are deployed again when they are asked to, with variables that may be overridden', async () => {
    const again = await api.updateReleaseEnvironment(
      { status: EnvironmentStatus.InProgress, variables: { size: { value: '5' } } },
      'models',
      1,
      102,
    );
    assert.equal(again.status, EnvironmentStatus.Queued);
    assert.deepEqual(asked, ['102 5']);
    await assert.rejects(
      api.updateReleaseEnvironment({ status: EnvironmentStatus.Canceled }, 'models', 1, 102),
      /can only be started/,
    );
  });

  it('keep gates that are no longer sampled as they were', async () => {
    const environment = await api.getReleaseEnvironment('models', 1, 101);
    const id = environment.deploySteps?.[0]?.preDeploymentGates?.id ?? 0;
    await assert.rejects(
      api.updateGates({ gatesToIgnore: ['Verdict is better'] }, 'models', id),
      /not being sampled/,
    );
  });

  it('belong to a definition that is listed without its stages', async () => {
    const [listed] = await api.getReleaseDefinitions('models', 'diab');
    assert.deepEqual([listed?.id, listed?.name, listed?.environments], [7, 'diabetes', undefined]);
    const whole = await api.getReleaseDefinition('models', 7);
    assert.equal(whole.environments?.length, 2);
  });
});

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
