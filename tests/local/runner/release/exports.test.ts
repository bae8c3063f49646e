import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createServerTasks } from '../../../../local/runner/index.ts';
import { wordsFor } from '../../../../shared/problem/index.ts';
import { createProject, removeProjects, type Project } from '../execute/harness.ts';
import {
  afterStage,
  agentPhase,
  approvedBy,
  artifact,
  bash,
  definition,
  gates,
  serverPhase,
  stage,
  task,
} from './definitions.ts';
import { release } from './harness.ts';

after(removeProjects);

const CMD_LINE = 'd9bafed4-0b18-4f58-968d-86655b4d2ce9';
const PYTHON = '6392f95f-7e76-4a18-b3c7-7f078d2f7700';
const AZURE_CLI = '46e4be58-730b-4389-8a2f-ea10b3e5e815';
const INVOKE = '9c3e8943-130d-4c78-ac63-8af81df62dfb';
const GROUP = '3f1c7a52-6d0b-4c1e-9a55-0a1b2c3d4e01';
const INNER = '3f1c7a52-6d0b-4c1e-9a55-0a1b2c3d4e02';

function fileIn(project: Project, name: string, content: object): string {
  const file = path.join(project.folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('definitions as teams export them', () => {
  it('of the first years have no jobs, numbers for words, and tools with arguments', async () => {
    const old = {
      ...{ id: 12, name: 'Alpha', rank: 1, variables: { where: { value: 'alpha' } }, queueId: 3 },
      preDeployApprovals: { approvals: [{ rank: 1, isAutomated: true }] },
      deployStep: {
        tasks: [
          task(
            CMD_LINE,
            'Run echo',
            {
              filename: 'echo',
              arguments: 'hello $(where)',
              workingFolder: '',
              failOnStandardError: 'false',
            },
            { version: '1.*', refName: undefined, condition: undefined, alwaysRun: true },
          ),
        ],
      },
      environmentOptions: { timeoutInMinutes: 60 },
      conditions: [{ name: 'ReleaseStarted', conditionType: 1, value: '' }],
    };
    const next = {
      ...{ id: 13, name: 'Beta', rank: 2, conditions: [{ name: 'Alpha', conditionType: 2, value: '4' }] },
      deployPhases: [{ ...agentPhase([bash('echo beta')]), phaseType: 1, deploymentInput: {} }],
    };
    const done = await release(createProject(), { id: 3, name: 'Old', environments: [old, next] });
    assert.deepEqual(done.stages(), { Alpha: 'succeeded', Beta: 'succeeded' }, done.shown);
    assert.match(done.log('Alpha'), /hello alpha/);
  });

  it('with variable groups and task groups take both from files', async () => {
    const project = createProject();
    const groups = {
      value: [
        {
          id: 5,
          name: 'shared',
          type: 'Vsts',
          variables: { region: { value: 'west' }, size: { value: 'small' } },
        },
        { id: 9, name: 'vault', type: 'AzureKeyVault', variables: { key: { value: null, isSecret: true } } },
      ],
    };
    const step = (name: string, script: string, more: object = {}) => ({
      ...{ environment: {}, displayName: name, alwaysRun: false, continueOnError: false, enabled: true },
      ...{ condition: 'succeeded()', timeoutInMinutes: 0, inputs: { targetType: 'inline', script } },
      task: { id: '6c731c3c-3c68-459a-a5c9-bde6e6595b5b', versionSpec: '3.*', definitionType: 'task' },
      ...more,
    });
    const nested = { id: INNER, versionSpec: '1.*', definitionType: 'metaTask' };
    const outer = {
      ...{ id: GROUP, name: 'Announce', version: { major: 2, minor: 0, patch: 1 } },
      inputs: [{ name: 'who', defaultValue: 'nobody', type: 'string', required: true }],
      tasks: [
        step('Say $(who)', 'echo "to $(who) in $(region)"'),
        step('Inner', '', { task: nested, inputs: { word: '$(who)!' } }),
        step('Off', 'echo never', { enabled: false }),
      ],
    };
    const inner = {
      ...{ id: INNER, name: 'Inner', version: { major: 1, minor: 0, patch: 0 } },
      inputs: [{ name: 'word', defaultValue: '' }],
      tasks: [step('Shout', 'echo "shout $(word) $(size)"')],
    };
    const group = { definitionType: 'metaTask', version: '2.*' };
    const plan = definition(
      [
        stage(
          'S',
          [
            task(GROUP, 'Task group: Announce', { who: 'ada' }, group),
            bash('echo "key has ${#KEY}"', { environment: { KEY: '$(key)' } }),
            task(AZURE_CLI, 'Azure CLI', {}, { version: '2.*' }),
          ],
          { variableGroups: [9], variables: { size: { value: 'large' } } },
        ),
      ],
      { variableGroups: [5] },
    );
    const done = await release(project, plan, {
      supplies: {
        variableGroups: [fileIn(project, 'groups.json', groups)],
        taskGroups: [fileIn(project, 'outer.json', outer), fileIn(project, 'inner.json', { value: [inner] })],
        leaveOut: ['azure cli'],
      },
      variables: { key: 'abcdef' },
    });
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown);
    assert.match(done.log('S'), /to ada in west[^]*shout ada! large[^]*key has 6/);
    assert.doesNotMatch(done.log('S'), /never|abcdef/);
    assert.match(JSON.stringify(done.record.issues), /'Azure CLI' was left out/);
    assert.doesNotMatch(JSON.stringify(done.record.issues), /has no value/);
  });

  it('run a job once for each configuration, side by side, and the next job after all of them', async () => {
    const train = agentPhase(
      [bash('echo "$(kind)-$(region) $(System.JobPositionInPhase)/$(System.TotalJobsInPhase)"')],
      {
        parallelExecution: {
          parallelExecutionType: 'multiConfiguration',
          ...{ multipliers: 'kind,region', maxNumberOfAgents: 2, continueOnError: true },
        },
      },
    );
    const both = agentPhase(
      [bash('echo machine')],
      {
        parallelExecution: { parallelExecutionType: 'multiMachine', maxNumberOfAgents: 2 },
        condition: "and(succeeded(), eq(variables['kind'], 'a,b'))",
      },
      2,
    );
    const plan = definition([
      stage('S', [], {
        variables: { kind: { value: 'a,b' }, region: { value: 'x, y' } },
        deployPhases: [train, both],
      }),
    ]);
    const done = await release(createProject(), plan);
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown + done.log('S'));
    const log = done.log('S');
    for (const line of ['a-x 1/4', 'a-y 2/4', 'b-x 3/4', 'b-y 4/4'])
      assert.match(log, new RegExp(`^${line}$`, 'm'));
    assert.equal(log.match(/^machine$/gm)?.length, 2);
    const none = definition([stage('S', [], { deployPhases: [train] })]);
    const failed = await release(createProject(), none);
    assert.match(failed.shown, /once for each value of the variable 'kind', which has none/);
  });

  it('fan out and in by how the stages before came out, one of them to undo what failed', async () => {
    const issues = bash('echo "##vso[task.complete result=SucceededWithIssues;]"');
    const plan = definition([
      stage('A', [issues]),
      stage('B', [bash('exit 1')], { conditions: [afterStage('A', '132')] }),
      stage('C', [bash('echo c')], { conditions: [afterStage('A', '132')] }),
      stage('Undo', [bash('echo undone')], { conditions: [afterStage('B', '16')] }),
      stage('Strict', [bash('echo d')], { conditions: [afterStage('A')] }),
      stage('All', [bash('echo all')], { conditions: [afterStage('C'), afterStage('Undo')] }),
      stage('Never', [bash('echo e')], { conditions: [afterStage('B'), afterStage('C')] }),
      stage('Hand', [bash('echo f')], { conditions: [] }),
    ]);
    const done = await release(createProject(), plan);
    assert.deepEqual(done.stages(), {
      ...{ A: 'succeededWithIssues', B: 'failed', C: 'succeeded', Undo: 'succeeded', All: 'succeeded' },
      ...{ Strict: 'pending', Never: 'pending', Hand: 'pending' },
    });
  });

  it('ask other systems in gates, twice the same one, and let approvers decide after red ones', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ state: asked.length > 2 ? 'ready' : 'busy' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const generic = '0d9e0f3a-1111-4c7e-8a3f-aaaaaaaaaaaa';
    const ask = (criteria: string) =>
      task(INVOKE, 'Invoke REST API: GET', {
        ...{ connectedServiceNameSelector: 'connectedServiceName', connectedServiceName: generic },
        ...{
          method: 'GET',
          headers: '{"X-Plan": "$(system.PlanId)"}',
          body: '',
          urlSuffix: 'state?x=$(Release.ReleaseId)',
        },
        ...{ waitForCompletion: 'false', successCriteria: criteria },
      });
    const ready = ask("eq(root['state'], 'ready')");
    const plan = definition([
      stage('Good', [], { preDeploymentGates: gates([ready, ask('')], { samplingInterval: 15 }) }),
      stage('Red', [bash('echo in')], {
        conditions: [afterStage('Good')],
        preDeployApprovals: approvedBy(['Grace'], { executionOrder: 'afterGatesAlways' }),
        preDeploymentGates: gates([ask("eq(root['state'], 'never')")], { timeout: 30 }),
        postDeploymentGates: gates([ready]),
      }),
    ]);
    try {
      const done = await release(createProject(), plan, {
        serverTasks: createServerTasks({ ca: [] }),
        connections: [{ id: generic, name: generic, url, scheme: 'None', parameters: {}, data: {} }],
        answers: { approve: 'all', reject: [] },
      });
      assert.deepEqual(done.stages(), { Good: 'succeeded', Red: 'succeeded' }, done.shown);
      assert.match(asked[0] ?? '', /^GET \/state\?x=\d+$/);
      const [sampled] = done.stage('Good').gates ?? [];
      assert.deepEqual(
        sampled?.samples.map(({ results }) => results.map((one) => `${one.gate}: ${one.result}`)),
        [
          ['Invoke REST API: GET: failed', 'Invoke REST API: GET (2): succeeded'],
          ['Invoke REST API: GET: succeeded', 'Invoke REST API: GET (2): succeeded'],
        ],
      );
      const steps = done.stage('Good').jobs[0]?.steps ?? [];
      assert.deepEqual(
        steps.map(({ result }) => result),
        ['succeeded', 'succeeded'],
      );
    } finally {
      server.close();
    }
  });

  it('filter by branches and tags of what a run built, and name images that have no files', async () => {
    const project = createProject();
    const built = path.join(project.runs, '1');
    mkdirSync(path.join(built, 'artifacts', 'drop'), { recursive: true });
    writeFileSync(path.join(built, 'artifacts', 'drop', 'word.txt'), 'built');
    const run = { id: 1, name: '20260301.4', tags: ['Nightly'], source: { branch: 'refs/heads/release/2' } };
    writeFileSync(path.join(built, 'run.json'), JSON.stringify(run));
    const filter = (value: object) => ({
      name: '_app',
      conditionType: 'artifact',
      value: JSON.stringify(value),
    });
    const started = { name: 'ReleaseStarted', conditionType: 'event', value: '' };
    const filtered = (name: string, ...filters: object[]) =>
      stage(name, [], { conditions: [started, ...filters.map(filter)] });
    const show = bash(
      'cat _app/drop/word.txt; echo " $(Release.Artifacts._app.SourceBranchName) $(Release.Artifacts.image.BuildNumber) $(Build.BuildNumber)"',
    );
    const plan = definition(
      [
        stage('Show', [show]),
        filtered('Both', { sourceBranch: 'release/*', tags: ['nightly'] }),
        filtered('Main', { sourceBranch: 'main', tags: [] }),
        filtered('Either', { sourceBranch: 'main' }, { sourceBranch: 'release/2' }),
        filtered('Out', { sourceBranch: '-release/*' }),
        filtered('Tags', { sourceBranch: '', tags: ['nightly', 'signed'] }),
      ],
      {
        artifacts: [
          artifact('_app', { branch: { id: '', name: '' } }, { type: 'Build' }),
          artifact('image', {}, { type: 'AzureContainerRepository', isPrimary: false }),
        ],
      },
    );
    const done = await release(project, plan, { artifacts: { _app: '1', image: 'v12' } });
    const skipped = { Main: 'pending', Out: 'pending', Tags: 'pending' };
    assert.deepEqual(done.stages(), {
      Show: 'succeeded',
      Both: 'succeeded',
      Either: 'succeeded',
      ...skipped,
    });
    assert.match(done.log('Show'), /built 2 v12 20260301\.4/);
    assert.match(
      JSON.stringify(done.stage('Tags').issues),
      /branch 'refs\/heads\/release\/2', tags 'Nightly'/,
    );
  });

  it('of stage templates have parameters; schedules are kept, and redeployments by themselves are told of', async () => {
    const python = (inputs: object) =>
      task(
        PYTHON,
        'Python',
        { scriptSource: 'inline', arguments: 'one "two three"', ...inputs },
        { version: '0.*' },
      );
    const plan = definition([
      stage(
        'S',
        [
          bash('echo "to $(Parameters.target)"'),
          python({ script: "import sys\nprint('|'.join(sys.argv[1:]))" }),
        ],
        {
          processParameters: { inputs: [{ name: 'target', defaultValue: 'aks', type: 'string' }] },
          schedules: [{ daysToRelease: 62, startHours: 3, startMinutes: 0, timeZoneId: 'UTC' }],
          environmentTriggers: [{ triggerType: 'rollbackRedeploy', triggerContent: '{}' }],
        },
      ),
    ]);
    const done = await release(createProject(), plan);
    assert.deepEqual(done.stages(), { S: 'succeeded' }, done.shown);
    assert.match(done.log('S'), /to aks[^]*one\|two three/);
    assert.match(JSON.stringify(done.record.issues), /deployed again by itself/);
  });

  it('that use handlers of the service which nothing stands for are refused before anything runs', async () => {
    const project = createProject();
    project.task('Bus', '', { id: GROUP, runsOn: ['Server', 'ServerGate'], execution: { ServiceBus: {} } });
    const plan = definition([
      stage('S', [], {
        preDeploymentGates: gates([task(GROUP, 'Ask the bus')]),
        deployPhases: [serverPhase([task(GROUP, 'Tell the bus')])],
      }),
    ]);
    await assert.rejects(
      release(project, plan, { serverTasks: createServerTasks({ ca: [] }) }),
      /sends its question by ServiceBus[^]*sends its question by ServiceBus/,
    );
  });

  it('are refused before anything runs when they name artifacts or connections that are not there, in gates too', async () => {
    const ask = task(INVOKE, 'Ask', {
      ...{ connectedServiceNameSelector: 'connectedServiceNameARM', connectedServiceNameARM: 'prod' },
      ...{ method: 'GET', urlSuffix: '$(Release.Artifacts.gone.v2.BuildNumber)' },
    });
    const echo = bash('echo $(Release.Artifacts._app.BuildNumber) $(Release.Artifacts._App.BuildNumber)');
    const off = bash('echo $(Release.Artifacts.off.BuildNumber)', { enabled: false });
    const plan = definition([stage('S', [echo, off], { preDeploymentGates: gates([ask]) })]);
    await assert.rejects(
      release(createProject(), plan, { serverTasks: createServerTasks({ ca: [] }) }),
      (error) => {
        const said = wordsFor(error).join('\n');
        for (const words of [
          "environments[0].deployPhases[0].workflowTasks[0].inputs.script: The release has no artifact '_app'",
          "environments[0].preDeploymentGates.gates[0].tasks[0].inputs.urlSuffix: The release has no artifact 'gone.v2'",
          "There is no service connection 'prod'",
        ])
          assert.ok(said.includes(words), `${words}\n${said}`);
        assert.doesNotMatch(said, /'off'/);
        return true;
      },
    );
  });
});
