import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createProject, removeProjects, type Project } from '../execute/harness.ts';
import {
  afterStage,
  agentPhase,
  approvedBy,
  artifact,
  bash,
  definition,
  stage,
  task,
} from './definitions.ts';
import { goOn, release } from './harness.ts';

after(removeProjects);

const WRITER = '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a002';

/** Reads the release and puts it back with one variable more, as tasks do; `waitFor` holds it between the two. */
const WRITE = `
const env = process.env;
const url = env.SYSTEM_TEAMFOUNDATIONSERVERURI + env.SYSTEM_TEAMPROJECT + '/_apis/Release/releases/' + env.RELEASE_RELEASEID;
const headers = { Authorization: 'Bearer ' + env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN, 'Content-Type': 'application/json' };
const read = async () => (await fetch(url + '?api-version=7.1', { headers })).json();
const holdFile = env.INPUT_MEET;
(async () => {
  for (let attempt = 1; attempt <= 20; attempt++) {
    const release = await read();
    if (holdFile && attempt === 1) {
      const fs = require('fs');
      fs.writeFileSync(holdFile + '.' + env.INPUT_NAME, '');
      while (fs.readdirSync(require('path').dirname(holdFile)).filter((one) => one.startsWith('meet.')).length < 2)
        await new Promise((next) => setTimeout(next, 20));
    }
    release.variables[env.INPUT_NAME] = { value: env.INPUT_VALUE };
    const answer = await fetch(url + '?api-version=7.1', { method: 'PUT', headers, body: JSON.stringify(release) });
    if (!answer.ok) throw new Error(await answer.text());
    await new Promise((next) => setTimeout(next, Math.random() * 200));
    if ((await read()).variables[env.INPUT_NAME]?.value === env.INPUT_VALUE && attempt > 1) return console.log('kept after ' + attempt);
  }
  process.exitCode = 1;
})();`;

function withWriter(project: Project): Project {
  const inputs = ['name', 'value', 'meet'].map((name) => ({ name, type: 'string' }));
  project.task('WriteVariable', WRITE, { id: WRITER, inputs });
  return project;
}

const write = (name: string, value: string, meet = '') =>
  task(WRITER, `Write ${name}`, { name, value, meet });

describe('variables of a release', () => {
  it('written by parallel stages reach the stages behind them, though the server tells nobody about a conflict', async () => {
    const project = withWriter(createProject());
    const meet = path.join(project.folder, 'meeting', 'meet');
    mkdirSync(path.dirname(meet));
    const done = await release(
      project,
      definition([
        stage('East', [write('eastModel', '3', meet)]),
        stage('West', [write('westModel', '4', meet)]),
        stage('All', [bash('echo "[$(eastModel) $(westModel)]"')], {
          conditions: [afterStage('East'), afterStage('West')],
        }),
      ]),
      { maxParallelJobs: 2 },
    );
    assert.deepEqual(done.stages(), { East: 'succeeded', West: 'succeeded', All: 'succeeded' });
    assert.match(done.log('All'), /\[3 4\]/);
    assert.deepEqual(done.record.variables.map((one) => `${one.name}=${one.value}`).sort(), [
      'eastModel=3',
      'westModel=4',
    ]);
  });

  it('of a stage win over those of the release, and a deployment keeps what it started with', async () => {
    const project = withWriter(createProject());
    const done = await release(
      project,
      definition(
        [
          stage('S', [write('late', 'new'), bash('echo "[$(where) $(late) $(both)]"')], {
            variables: {
              where: { value: 'stage' },
              both: { value: '$(where) of $(Release.DefinitionName)' },
            },
          }),
        ],
        { variables: { where: { value: 'release' }, late: { value: 'old' } } },
      ),
    );
    assert.match(done.log('S'), /\[stage old stage of diabetes\]/);
  });

  it('keep secrets hidden and readable for a stage that is deployed after a stop', async () => {
    const project = withWriter(createProject());
    const plan = definition(
      [
        stage(
          'S',
          [bash('[ "$PASS" = hidden-word ] && echo good; echo $PASS', { environment: { PASS: '$(pass)' } })],
          { preDeployApprovals: approvedBy(['Grace']) },
        ),
      ],
      { variables: { pass: { value: null, isSecret: true } } },
    );
    const waits = await release(project, plan, { variables: { pass: 'hidden-word' } });
    const done = await goOn(project, waits.folder, { answers: { approve: 'all', reject: [] } });
    assert.match(done.log('S'), /good\n.*\*\*\*/s);
    assert.doesNotMatch(JSON.stringify(done.record) + done.log('S'), /hidden-word/);
  });
});

describe('a stage', () => {
  it('that failed is deployed again, with approvals of its own, and those behind it follow', async () => {
    const project = createProject();
    const flag = path.join(project.folder, 'ready');
    const plan = definition([
      stage('S', [bash(`test -f "${flag}"`)], { preDeployApprovals: approvedBy(['Grace']) }),
      stage('T', [bash('echo "attempt $(Release.AttemptNumber)"')], { conditions: [afterStage('S')] }),
    ]);
    const answers = { approve: 'all', reject: [] } as const;
    const failed = await release(project, plan, { answers });
    assert.deepEqual(failed.stages(), { S: 'failed', T: 'pending' });
    writeFileSync(flag, '');
    const again = await goOn(project, failed.folder, { answers, deploy: ['s'] });
    assert.deepEqual(again.stages(), { S: 'succeeded', T: 'succeeded' });
    assert.equal(again.record.result, 'succeeded');
    const { attempt, earlier } = again.stage('S');
    assert.deepEqual([attempt, earlier?.map((one) => one.result)], [2, ['failed']]);
    assert.deepEqual([earlier?.[0]?.approvals.length, again.stage('S').approvals.length], [1, 1]);
  });

  it('is started, and its approval answered, by a job of another stage over the REST API', async () => {
    const project = createProject();
    const script = `
const env = process.env, base = env.SYSTEM_COLLECTIONURI + env.SYSTEM_TEAMPROJECT + '/_apis/Release/';
const headers = { Authorization: 'Bearer ' + env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN, 'Content-Type': 'application/json' };
const send = async (method, way, body) => { const answer = await fetch(base + way, { method, headers, body: body && JSON.stringify(body) }); if (!answer.ok) throw new Error(await answer.text()); return answer.json(); };
(async () => {
  const release = await send('GET', 'releases/' + env.RELEASE_RELEASEID);
  const byHand = release.environments.find((one) => one.name === 'By hand');
  await send('PATCH', 'releases/' + release.id + '/environments/' + byHand.id, { status: 'inProgress' });
  let pending = [];
  while (pending.length === 0) pending = (await send('GET', 'approvals')).value;
  await send('PATCH', 'approvals/' + pending[0].id, { status: 'approved', comments: 'by a job' });
})();`;
    project.task('Act', script, { id: WRITER });
    const done = await release(
      project,
      definition([
        stage('Acting', [task(WRITER, 'Act')]),
        stage('Approved', [], { preDeployApprovals: approvedBy(['Grace']) }),
        stage('By hand', [], { conditions: [] }),
      ]),
      { letApprovalsExpire: true },
    );
    assert.deepEqual(done.stages(), { Acting: 'succeeded', Approved: 'succeeded', 'By hand': 'succeeded' });
    const [approval] = done.stage('Approved').approvals;
    assert.deepEqual(
      [approval?.comment, approval?.decidedBy?.displayName],
      ['by a job', 'Project Collection Build Service'],
    );
  });

  it('of any name keeps its files in the folder of the release', async () => {
    const names = ['../../../out', 'Süd: 100 %?', 'Süd: 100 %!', '..'];
    const step = (name: string) => bash(`echo "here is ${name}"`, { refName: '../step' });
    const plan = definition(names.map((name) => stage(name, [step(name)])));
    const done = await release(createProject(), plan);
    for (const name of names) {
      const log = done.stage(name).jobs[0]?.steps[0]?.log ?? '';
      assert.match(log, /^logs\/[\w-]+\/Phase_1\/01-[\w-]+\.log$/);
      assert.ok(done.log(name).includes(`here is ${name}`));
      assert.equal(done.log(name).split('here is').length, 2);
    }
  });

  it('that is rejected fails, and says by whom and why', async () => {
    const project = createProject();
    const done = await release(
      project,
      definition([
        stage('S', [bash('echo never')], { preDeployApprovals: approvedBy(['Grace']) }),
        stage('T', [bash('echo never')], { conditions: [afterStage('S')] }),
        stage('After red', [bash('echo here')], { conditions: [afterStage('S', '16')] }),
      ]),
      { answers: { approve: [], reject: ['S'], comment: 'AUC is worse' } },
    );
    assert.deepEqual(done.stages(), { S: 'failed', T: 'pending', 'After red': 'succeeded' });
    const [approval] = done.stage('S').approvals;
    assert.deepEqual([approval?.status, approval?.decidedBy?.displayName], ['rejected', 'Ada Lovelace']);
    assert.match(done.stage('S').issues[0]?.message ?? '', /rejected: AUC is worse/);
  });

  it('nobody answers for is given up when the approval has expired, if that is asked for', async () => {
    const project = createProject();
    const approvals = approvedBy(['Grace'], { timeoutInMinutes: 2880 });
    const plan = definition([stage('S', [bash('echo never')], { preDeployApprovals: approvals })]);
    const done = await release(project, plan, { letApprovalsExpire: true });
    assert.deepEqual(done.stages(), { S: 'failed' });
    assert.match(done.stage('S').issues[0]?.message ?? '', /Nobody answered in time/);
  });

  it('asks its approvers in their order, or any one of them, and not again who approved the stage before', async () => {
    const project = createProject();
    const both = approvedBy(['Grace', 'Linus']);
    const any = approvedBy(['Grace', 'Linus'], { requiredApproverCount: 1 });
    const once = approvedBy(['Grace', 'Linus'], {
      autoTriggeredAndPreviousEnvironmentApprovedCanBeSkipped: true,
    });
    const done = await release(
      project,
      definition([
        stage('Both', [], { preDeployApprovals: both }),
        stage('Any', [], { preDeployApprovals: any }),
        stage('Once', [], { preDeployApprovals: once, conditions: [afterStage('Both')] }),
      ]),
      { answers: { approve: 'all', reject: [] } },
    );
    const statuses = ['Both', 'Any', 'Once'].map((name) =>
      done.stage(name).approvals.map((one) => one.status),
    );
    assert.deepEqual(statuses, [
      ['approved', 'approved'],
      ['approved', 'skipped'],
      ['skipped', 'skipped'],
    ]);
  });

  it('follows one that succeeded with issues only where its condition says so', async () => {
    const project = createProject();
    const done = await release(
      project,
      definition([
        stage('S', [bash('exit 1', { continueOnError: true })]),
        stage('Strict', [], { conditions: [afterStage('S')] }),
        stage('Mild', [], { conditions: [afterStage('S', '132')] }),
      ]),
    );
    assert.deepEqual(done.stages(), { S: 'succeededWithIssues', Strict: 'pending', Mild: 'succeeded' });
  });

  it('runs its jobs in order, each by its condition', async () => {
    const project = createProject();
    const phases = [
      agentPhase([bash('exit 1')], {}, 1),
      agentPhase([bash('echo skipped')], {}, 2),
      { ...agentPhase([bash('echo cleaned')], { condition: 'failed()' }, 3), name: 'Clean up' },
      agentPhase([bash('echo no')], { condition: "eq(variables['Release.EnvironmentName'], 'T')" }, 4),
    ];
    const done = await release(project, definition([stage('S', [], { deployPhases: phases })]));
    assert.deepEqual(
      done.stage('S').jobs.map((job) => job.result),
      ['failed', 'skipped', 'succeeded', 'skipped'],
    );
    assert.deepEqual(done.stages(), { S: 'failed' });
  });
});

const DOWNLOAD = '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a003';
const FETCH = `
const fs = require('fs'), path = require('path'), env = process.env;
if (env.INPUT_VERSION === '9') { console.log('##vso[task.complete result=Failed]version 9 is gone'); }
else {
  fs.mkdirSync(env.INPUT_DOWNLOADPATH, { recursive: true });
  fs.writeFileSync(path.join(env.INPUT_DOWNLOADPATH, 'model.txt'), [env.INPUT_CONNECTION, env.INPUT_DEFINITION, env.INPUT_VERSION].join(' '));
}`;
const CONNECTION = {
  id: '7e1ac9b2-2f3c-4a53-9d05-0d5f4a1b6c11',
  name: 'azure prod',
  url: 'https://x/',
  scheme: 'ServicePrincipal' as const,
  parameters: {},
  data: {},
};

function withDownload(): Project {
  const project = createProject();
  const inputs = [
    { name: 'connection', type: 'connectedService:AzureRM', required: true },
    { name: 'definition', type: 'string', required: true },
    { name: 'version', type: 'string', required: true },
    { name: 'itemPattern', type: 'string' },
    { name: 'downloadPath', type: 'string' },
  ];
  project.task('FetchModel', FETCH, { id: DOWNLOAD, inputs });
  return project;
}

const models = (newest?: string) => ({
  connections: [CONNECTION],
  artifactTypes: [{ name: 'TestModel', downloadTaskId: DOWNLOAD, newest: () => Promise.resolve(newest) }],
});

describe('the artifacts of a release', () => {
  it('are fetched by their type’s task into a folder of their alias, and named in variables', async () => {
    const script = [
      'cat "_model β-1.x/model.txt"; echo',
      'echo "[$(Release.Artifacts._model β-1.x.DefinitionName) $(Release.Artifacts._model β-1.x.BuildNumber)]"',
      'echo "[$(Release.PrimaryArtifactSourceAlias) $(Release.Artifacts._model β-1.x.Type)]"',
      '[ "$SYSTEM_DEFAULTWORKINGDIRECTORY" = "$PWD" ] && [ "$AGENT_RELEASEDIRECTORY" = "$PWD" ] && echo here',
    ].join('\n');
    const done = await release(
      withDownload(),
      definition([stage('S', [bash(script)])], { artifacts: [artifact('_model β-1.x')] }),
      { ...models(), artifacts: { '_model β-1.x': '12' } },
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' });
    const log = done.log('S');
    assert.match(log, /7e1ac9b2-\S+ diabetes-model 12/);
    assert.match(log, /\[diabetes-model 12\]/);
    assert.match(log, /\[_model β-1.x TestModel\]/);
    assert.match(log, /^here$/m);
    assert.deepEqual(done.record.release?.artifacts[0]?.version, '12');
  });

  it('fill in Build.* when they are the primary one, and are never taken for a build', async () => {
    const project = withDownload();
    const ask = `
const env = process.env, headers = { Authorization: 'Bearer ' + env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN };
fetch(env.SYSTEM_COLLECTIONURI + env.SYSTEM_TEAMPROJECT + '/_apis/build/builds/' + env.BUILD_BUILDID, { headers })
  .then((answer) => console.log(['build', env.BUILD_BUILDID, env.BUILD_BUILDNUMBER, env.SYSTEM_HOSTTYPE, answer.status].join(' ')));`;
    project.task('AskForBuild', ask, { id: WRITER });
    const done = await release(
      project,
      definition(
        [
          stage('S', [
            task(WRITER, 'Ask'),
            bash('echo "##vso[build.addbuildtag]good"', { continueOnError: true }),
          ]),
        ],
        { artifacts: [artifact('model')] },
      ),
      { ...models(), artifacts: { model: '1' } },
    );
    assert.match(done.log('S'), /build 1 1 release 404/);
    assert.match(done.log('S'), /Adding a build tag is for builds; this is a release/);
    assert.deepEqual([done.record.tags, done.stages()], [[], { S: 'succeededWithIssues' }]);
  });

  it('take the newest version by default, and the one the definition fixes', async () => {
    const latest = { defaultVersionType: { id: 'latestType', name: 'Latest' } };
    const fixed = {
      defaultVersionType: { id: 'specificVersionType', name: 'Specific' },
      defaultVersionSpecific: { id: '5', name: '5' },
    };
    const artifacts = [artifact('a', latest), artifact('b', fixed, { isPrimary: false })];
    const done = await release(withDownload(), definition([stage('S', [])], { artifacts }), models('8'));
    assert.deepEqual(
      done.record.release?.artifacts.map((one) => one.version),
      ['8', '5'],
    );
  });

  it('without a version, or under an alias the definition does not have, start nothing', async () => {
    const project = withDownload();
    const plan = definition([stage('S', [])], { artifacts: [artifact('model')] });
    await assert.rejects(release(project, plan, models()), (error: Error) => {
      assert.match(error.message, /The artifact 'model' has no version/);
      return true;
    });
    await assert.rejects(
      release(project, plan, { ...models(), artifacts: { other: '1' } }),
      /no artifact 'other'/,
    );
  });

  it('that are gone when a stage wants them fail that stage', async () => {
    const plan = definition([stage('S', [bash('echo never')])], { artifacts: [artifact('model')] });
    const done = await release(withDownload(), plan, { ...models(), artifacts: { model: '9' } });
    assert.deepEqual(done.stages(), { S: 'failed' });
    assert.doesNotMatch(done.log('S'), /^never$/m);
  });

  it('stay away from a job that does not want them', async () => {
    const skip = {
      artifactsDownloadInput: { downloadInputs: [{ alias: 'b', artifactDownloadMode: 'Skip' }] },
    };
    const phases = [
      agentPhase([bash('ls')], { skipArtifactsDownload: true }, 1),
      agentPhase([bash('ls')], skip, 2),
    ];
    const done = await release(
      withDownload(),
      definition([stage('S', [], { deployPhases: phases })], { artifacts: [artifact('a'), artifact('b')] }),
      { ...models(), artifacts: { a: '1', b: '2' } },
    );
    assert.deepEqual(
      done.stage('S').jobs.map((job) => job.steps.map((step) => step.displayName)),
      [['Bash Script'], ['Download artifact - a - TestModel', 'Bash Script']],
    );
  });

  it('of a build are a folder that stands for it', async () => {
    const project = createProject();
    const folder = path.join(project.folder, 'drop-42');
    mkdirSync(path.join(folder, 'inner'), { recursive: true });
    writeFileSync(path.join(folder, 'inner', 'app.txt'), 'the app');
    const artifacts = [artifact('drop', {}, { type: 'Build' })];
    const plan = definition([stage('S', [bash('cat drop/inner/app.txt; echo "[$(Build.BuildNumber)]"')])], {
      artifacts,
    });
    const done = await release(project, plan, { artifacts: { drop: folder } });
    assert.match(done.log('S'), /the app\[drop-42\]/);
    await assert.rejects(release(project, plan), /type 'Build' is not fetched here/);
  });
});
