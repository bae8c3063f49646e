import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../../../shared/problem/index.ts';
import { createProject, goOn, removeProjects, run, screen, type Project } from '../execute/harness.ts';

after(removeProjects);

/** A task that uploads a page for the run's summary. */
const PAGE = `
const fs = require('fs'); const file = process.env.AGENT_TEMPDIRECTORY + '/plan.md';
fs.writeFileSync(file, '# Plan\\n\\n| slot | share |\\n| --- | ---: |\\n| blue | 100 |\\n\\nEvil: \\u001b[2J done');
console.log('##vso[task.uploadsummary]' + file);
console.log('##vso[task.setvariable variable=hash;isOutput=true]h4sh');
console.log('##vso[task.setvariable variable=key;isOutput=true;isSecret=true]kept-secret-value');`;

/** Tells who approved, as a deploying task learns it: from the timeline and the approvals API, with the job's token. */
const WHO = `
(async () => {
  const base = process.env.SYSTEM_COLLECTIONURI + process.env.SYSTEM_TEAMPROJECT + '/_apis/';
  const get = async (way) => (await fetch(base + way, { headers: { Authorization: 'Bearer ' + process.env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN } })).json();
  const timeline = await get('build/builds/' + process.env.BUILD_BUILDID + '/timeline?api-version=7.1');
  const stage = timeline.records.find((one) => one.type === 'Stage' && one.refName === process.env.SYSTEM_STAGENAME);
  const checkpoint = timeline.records.find((one) => one.type === 'Checkpoint' && one.parentId === stage.id);
  const record = timeline.records.find((one) => one.type === 'Checkpoint.Approval' && one.parentId === checkpoint.id);
  const approval = await get('pipelines/approvals/' + record.id + '?$expand=steps&api-version=7.1');
  const [step] = approval.steps;
  console.log(JSON.stringify([approval.status, step.actualApprover.uniqueName, step.comment, record.result]));
})();`;

const YAML = `
variables: { flavour: sweet }
stages:
- stage: Plan
  jobs:
  - job: plan
    steps: [{ bash: 'cat note.txt; echo "once" >> $(count)', name: first }, { task: Page@1, name: page }, { publish: note.txt, artifact: note }]
- stage: Prod
  variables: { hash: "$[ stageDependencies.Plan.plan.outputs['page.hash'] ]" }
  jobs:
  - deployment: deploy
    environment: production
    variables: { secret: "$[ stageDependencies.Plan.plan.outputs['page.key'] ]" }
    strategy:
      runOnce:
        deploy:
          steps:
          - task: Who@1
            name: who
          - checkout: self
          - bash: 'cat note.txt; cat $(Pipeline.Workspace)/note/note.txt; echo "$(hash) $(flavour) $(Build.BuildNumber)"; [ "$(secret)" = "kept-secret"-value ] && echo matches'
            name: dep
- stage: After
  jobs: [{ job: a, steps: [{ checkout: none }, { bash: 'true', name: after }] }]`;

function project(): Project {
  const made = createProject();
  made.task('Page', PAGE);
  made.task('Who', WHO);
  made.write('note.txt', 'as it was\n');
  return made;
}

const environments = [
  { name: 'Production', approval: { instructions: 'Look at the plan.', approvers: ['ada@example.org'] } },
];
const settingsFor = (one: Project) => ({
  environments,
  variables: { count: { value: path.join(one.folder, 'count'), isSecret: false } },
});

describe('an approval', () => {
  it('shows the pages of the stages it takes values from last and whole, and how every other one begins', async () => {
    const made = project();
    const other = `- stage: Staging
  dependsOn: Plan
  jobs: [{ job: s, steps: [{ checkout: none }, { task: Result@1, name: result }] }]
- stage: Prod
  dependsOn: [Plan, Staging]
`;
    made.task('Result', PAGE.replace('# Plan', 'Staging went well.').replace('plan.md', 'result.md'));
    const ran = await run(made, YAML.replace('- stage: Prod\n', other), settingsFor(made));
    const asked = ran.shown.slice(ran.shown.indexOf('Look at the plan.'));
    assert.match(asked, /Seen before:\n {2}Staging \/ Result: Staging went well\.\n/);
    assert.ok(asked.indexOf('Seen before:') < asked.indexOf('--- Plan / Page'), asked);
    assert.equal(asked.match(/slot {2}share/g)?.length, 1);
  });

  it('nobody answers makes the run wait, keeps everything, and says how to go on', async () => {
    const made = project();
    const ran = await run(made, YAML, settingsFor(made));
    assert.deepEqual(ran.outcome, {
      state: 'waiting',
      approvals: [{ stage: 'Prod', environment: 'Production' }],
      recordFolder: ran.folder,
    });
    assert.equal(ran.record.state, 'waiting');
    assert.deepEqual(
      ran.record.stages.map((one) => one.state),
      ['completed', 'waiting', 'pending'],
    );
    assert.equal(ran.stage('Prod').approvals[0]?.status, 'pending');
    assert.match(ran.shown, /Look at the plan\./);
    assert.match(ran.shown, /slot {2}share\n-+ {2}-+\nblue {4}100/);
    assert.ok(ran.shown.includes(`continue ${ran.folder}`));
    assert.equal(ran.shown.includes('\u001b'), false);
    const state = path.join(ran.folder, 'state.json');
    assert.doesNotMatch(readFileSync(state, 'utf8'), /kept-secret-value/);
    assert.equal(statSync(state).mode & 0o077, 0);
    assert.equal(statSync(path.join(made.folder, 'home', 'key')).mode & 0o077, 0);
  });

  it('given later lets the run go on with everything it had, whatever the files say now', async () => {
    const made = project();
    const { folder } = await run(made, YAML, settingsFor(made));
    made.write('note.txt', 'changed\n');
    made.write('azure-pipelines.yml', 'steps: []');
    const still = await goOn(made, folder, { environments });
    assert.equal(still.outcome.state, 'waiting');
    const ran = await goOn(made, folder, {
      environments,
      answers: { approve: ['PRODUCTION'], reject: [], comment: 'fine' },
    });
    assert.deepEqual(ran.outcome, { state: 'completed', result: 'succeeded', recordFolder: folder });
    assert.match(
      ran.log('dep'),
      new RegExp(`as it was\\nas it was\\nh4sh sweet ${ran.record.name}\\nmatches`),
    );
    assert.equal(ran.log('who'), '["approved","ada@example.org","fine","succeeded"]');
    assert.equal(readFileSync(path.join(made.folder, 'count'), 'utf8'), 'once\n');
    assert.equal(ran.step('after').result, 'succeeded');
    assert.equal(existsSync(path.join(folder, 'state.json')), false);
    const error: unknown = await goOn(made, folder).catch((one: unknown) => one);
    assert.ok(error instanceof Problem && error.code === 'conflict');
  });

  it('rejected beforehand fails the stage and skips what follows; a rejection wins', async () => {
    const made = project();
    const answers = { approve: 'all', reject: ['production'] } as const;
    const ran = await run(made, YAML, { ...settingsFor(made), answers });
    assert.deepEqual(
      ran.record.stages.map((one) => one.result),
      ['succeeded', 'failed', 'skipped'],
    );
    assert.equal(ran.record.result, 'failed');
    assert.equal(ran.job('deploy').result, 'skipped');
    assert.match(ran.stage('Prod').issues[0]?.message ?? '', /rejected/);
  });

  it('is asked for in a terminal, again after a word it does not know, and takes a comment', async () => {
    const made = project();
    const ran = await run(made, YAML, { ...settingsFor(made), answersTyped: ['maybe', 'yes', 'looks good'] });
    assert.equal(ran.record.result, 'succeeded');
    const { status, decidedBy, comment } = ran.stage('Prod').approvals[0] ?? {};
    assert.deepEqual([status, decidedBy?.displayName, comment], ['approved', 'Ada Lovelace', 'looks good']);
    assert.equal(ran.shown.match(/Deploy to 'Production'\?/g)?.length, 2);
    assert.equal(ran.shown.includes('\u001b[2J'), false);
  });

  it('is not given by what was typed before the question', async () => {
    const made = project();
    const { terminal, input } = screen(['no', '']);
    input.write('yes\n');
    const ran = await run(made, YAML, { ...settingsFor(made), terminal });
    assert.equal(ran.stage('Prod').approvals[0]?.status, 'rejected');
  });

  it('left open in a terminal makes the run wait too', async () => {
    const made = project();
    const ran = await run(made, YAML, { ...settingsFor(made), answersTyped: [''] });
    assert.equal(ran.outcome.state, 'waiting');
  });

  it('is cancelled with the run', async () => {
    const made = project();
    const cancel = new AbortController();
    const interrupts = { cancel: cancel.signal, kill: new AbortController().signal };
    const running = run(made, YAML, { ...settingsFor(made), interrupts, answersTyped: [] });
    const record = path.join(made.runs, '1', 'run.json');
    while (!existsSync(record) || !readFileSync(record, 'utf8').includes('"status": "pending"'))
      await delay(30);
    cancel.abort();
    const ran = await running;
    assert.deepEqual([ran.stage('Prod').result, ran.record.result], ['canceled', 'canceled']);
    assert.equal(ran.stage('Prod').approvals[0]?.status, 'canceled');
  });

  it('is not asked for a stage that is skipped, nor for an environment without one', async () => {
    const yaml = `
stages:
- stage: Free
  jobs: [{ deployment: d, environment: staging, strategy: { runOnce: { deploy: { steps: [{ bash: 'true', name: free }] } } } }]
- stage: Skipped
  condition: eq(1, 2)
  jobs: [{ deployment: d, environment: production, strategy: { runOnce: { deploy: { steps: [{ bash: 'true', name: skipped }] } } } }]`;
    const ran = await run(createProject(), yaml, { environments });
    assert.equal(ran.record.result, 'succeeded');
    assert.deepEqual(ran.stage('Skipped').approvals, []);
  });

  it('holds its own stage alone: others run to their end first', async () => {
    const yaml = `
stages:
- stage: Gated
  dependsOn: []
  jobs: [{ deployment: d, environment: production, strategy: { runOnce: { deploy: { steps: [{ bash: 'true' }] } } } }]
- stage: Open
  dependsOn: []
  jobs: [{ job: o, steps: [{ checkout: none }, { bash: 'true', name: open }] }]`;
    const ran = await run(createProject(), yaml, { environments });
    assert.equal(ran.outcome.state, 'waiting');
    assert.equal(ran.stage('Open').result, 'succeeded');
  });

  it('cannot be continued by two processes at once', async () => {
    const made = project();
    const { folder } = await run(made, YAML, settingsFor(made));
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(folder, 'run.lock'), String(process.ppid));
    const error: unknown = await goOn(made, folder, { environments }).catch((one: unknown) => one);
    assert.ok(error instanceof Problem && error.code === 'conflict');
  });

  it('cannot be continued without the connections that are still needed', async () => {
    const made = createProject();
    made.task('Deploy', '', { inputs: [{ name: 'azure', type: 'connectedService:AzureRM', label: 'x' }] });
    const yaml = `jobs: [{ deployment: d, environment: production, strategy: { runOnce: { deploy: { steps: [{ task: Deploy@1, inputs: { azure: prod } }] } } } }]`;
    const connections = [
      {
        id: '7e1ac9b2-2f3c-4a53-9d05-0d5f4a1b6c11',
        name: 'prod',
        url: 'https://x/',
        scheme: 'ServicePrincipal' as const,
        parameters: {},
        data: {},
      },
    ];
    const { folder } = await run(made, yaml, { environments, connections });
    const error: unknown = await goOn(made, folder, { environments }).catch((one: unknown) => one);
    assert.ok(error instanceof Problem && error.place?.input === 'azure');
  });
});
