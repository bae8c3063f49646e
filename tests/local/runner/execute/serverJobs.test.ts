import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServerTasks } from '../../../../local/runner/index.ts';
import { wordsFor } from '../../../../shared/problem/index.ts';
import { createProject, goOn, removeProjects, run } from './harness.ts';

describe('a job without an agent', () => {
  let server: Server;
  let url = '';
  const asked: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"state": "ready", "id": "j-7"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => {
    server.close();
    removeProjects();
  });
  const settings = () => ({
    serverTasks: createServerTasks({ ca: [] }),
    connections: [{ id: '1c', name: 'other', url, scheme: 'None' as const, parameters: {}, data: {} }],
  });

  it('asks by requests, with values of the jobs before it and outputs for those behind', async () => {
    const project = createProject();
    const Execute = [
      {
        RequestInputs: {
          EndpointId: '$(on)',
          EndpointUrl: '$(endpoint.url)start',
          Method: 'POST',
          Body: '{}',
        },
        ExecutionOptions: { OutputVariables: { id: "root['id']" } },
      },
    ];
    project.task('Start', '', {
      ...{ id: '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a00a', runsOn: ['Server'] },
      inputs: [{ name: 'on', type: 'connectedService:AzureRM', required: true }],
      execution: { HttpRequestChain: { Execute } },
    });
    const done = await run(
      project,
      `
jobs:
- job: First
  steps:
  - checkout: none
  - bash: echo "##vso[task.setvariable variable=word;isOutput=true]hello"
    name: say
- job: Ask
  dependsOn: First
  pool: server
  variables:
    word: $[ dependencies.First.outputs['say.word'] ]
  steps:
  - task: Start@1
    name: start
    inputs: { on: other }
  - task: Delay@1
    inputs: { delayForMinutes: '0' }
  - task: InvokeRESTAPI@1
    inputs:
      connectionType: connectedServiceName
      serviceConnection: other
      method: GET
      urlSuffix: ask/$(word)/$(start.id)/$(System.JobName)
      successCriteria: eq(root['state'], 'ready')
  - task: InvokeRESTAPI@1
    condition: failed()
    inputs: { serviceConnection: other, urlSuffix: never }
- job: Last
  dependsOn: Ask
  variables:
    id: $[ dependencies.Ask.outputs['start.id'] ]
  steps:
  - checkout: none
  - bash: echo "got $(id)"
`,
      settings(),
    );
    assert.equal(done.record.result, 'succeeded', done.shown);
    assert.deepEqual(asked.splice(0), ['/start', '/ask/hello/j-7/__default']);
    assert.match(done.shown, /got j-7/);
  });

  it('waits for a person in the midst of a stage, and goes on without doing again what was done', async () => {
    const project = createProject();
    const yaml = `
jobs:
- job: Before
  steps:
  - checkout: none
  - bash: echo "##vso[task.setvariable variable=word;isOutput=true]once"
    name: say
- job: Ask
  dependsOn: Before
  pool: server
  steps:
  - task: ManualValidation@0
    timeoutInMinutes: 1440
    inputs:
      notifyUsers: ''
      instructions: Look at $(Build.BuildNumber).
- job: After
  dependsOn: [Before, Ask]
  variables:
    word: $[ dependencies.Before.outputs['say.word'] ]
  steps:
  - checkout: none
  - bash: echo "after $(word)"
`;
    const stopped = await run(project, yaml, settings());
    assert.equal(stopped.outcome.state, 'waiting', stopped.shown);
    const jobs = (record: typeof stopped.record) =>
      Object.fromEntries(record.stages[0]?.jobs.map((job) => [job.name, job.result ?? job.state]) ?? []);
    assert.equal(jobs(stopped.record)['Before'], 'succeeded');
    assert.equal(jobs(stopped.record)['After'], 'pending');
    const answers = { approve: 'all', reject: [] } as const;
    const done = await goOn(project, stopped.folder, { ...settings(), answers });
    assert.equal(done.record.result, 'succeeded', done.shown);
    assert.deepEqual(jobs(done.record), { Before: 'succeeded', Ask: 'succeeded', After: 'succeeded' });
    assert.match(done.shown, /Look at \d+[^]*after once/);
    assert.doesNotMatch(done.shown, /setvariable|Before.*running/);
    const refused = await run(project, yaml, { ...settings(), answers: { approve: [], reject: 'all' } });
    assert.equal(refused.record.result, 'failed');
    assert.equal(jobs(refused.record)['After'], 'skipped');
  });

  it('has tasks alone, and tasks that need no agent', async () => {
    const project = createProject();
    project.task('OnAgent', 'console.log(1)', { id: '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a00b' });
    const said = async (steps: string): Promise<string> =>
      run(project, `jobs:\n- job: J\n  pool: server\n  steps:\n${steps}`, settings()).then(
        () => 'ran',
        (error: unknown) => wordsFor(error).join(' '),
      );
    assert.match(await said('  - bash: echo'), /A 'bash' step|A 'script' step/);
    assert.match(await said('  - task: OnAgent@1'), /'OnAgent' needs an agent/);
    assert.match(
      await said('  - task: InvokeRESTAPI@1\n    inputs: { serviceConnection: nobody }'),
      /no service connection 'nobody'/,
    );
  });
});
