import assert from 'node:assert/strict';
import { jobsOf, problemsIn, read, scriptsOf, stepsOf, variablesOf } from './reading.ts';

describe('the shape of a pipeline', () => {
  it('may be steps alone: one stage, one job, which starts with a checkout', async () => {
    const plan = await read('steps:\n- script: echo 1\n');
    assert.deepEqual(
      plan.stages.map(({ name, dependsOn }) => [name, dependsOn]),
      [['__default', []]],
    );
    const [job] = jobsOf(plan);
    assert.equal(job?.name, 'Job');
    assert.deepEqual(job?.kind === 'job' && job.steps.map(({ kind }) => kind), ['checkout', 'script']);
  });

  it('may be jobs alone, which wait for nothing unless they say so', async () => {
    const plan = await read(
      'jobs:\n- job:\n  steps: [{script: a}]\n- job: B\n  dependsOn: Job1\n  steps: [{script: b}]\n- job: C\n  dependsOn: [job1, B]\n  steps: [{script: c}]\n',
    );
    assert.deepEqual(
      jobsOf(plan).map(({ name, dependsOn }) => [name, ...dependsOn]),
      [['Job1'], ['B', 'Job1'], ['C', 'Job1', 'B']],
    );
  });

  it('may be stages, each waiting for the one before unless it says otherwise', async () => {
    const jobs = 'jobs: [{job: x, steps: [{script: s}]}]';
    const plan = await read(
      `name: run\nstages:\n- stage: A\n  ${jobs}\n- stage: B\n  displayName: The second\n  ${jobs}\n- stage: C\n  dependsOn: []\n  ${jobs}\n- stage: D\n  dependsOn: [A, b]\n  ${jobs}\n`,
    );
    assert.equal(plan.name, 'run');
    assert.deepEqual(
      plan.stages.map(({ dependsOn }) => dependsOn),
      [[], ['A'], [], ['A', 'B']],
    );
    assert.deepEqual(
      plan.stages.map(({ displayName }) => displayName),
      ['A', 'The second', 'C', 'D'],
    );
  });

  it('keeps what starts runs on the service aside', async () => {
    const plan = await read(
      'trigger:\n  branches: {include: [main]}\npr: none\nschedules:\n- cron: 0 0 * * *\nresources:\n  repositories: [{repository: x}]\nlockBehavior: sequential\npool:\n  vmImage: ubuntu-latest\n  demands: [git]\nsteps: []\n',
    );
    assert.equal(stepsOf(plan).length, 0);
  });

  it('gives every step its settings with their places', async () => {
    const plan = await read(
      'steps:\n- bash: |\n    echo 1\n    echo 2\n  name: hello\n  displayName: Say $(x)\n  condition: always()\n  continueOnError: yes\n  enabled: off\n  timeoutInMinutes: 3\n  retryCountOnTaskFailure: 2\n  failOnStderr: true\n  workingDirectory: sub\n  env:\n    A: $(b)\n  target: host\n',
    );
    const [step] = stepsOf(plan);
    assert.ok(step?.kind === 'script');
    assert.equal(step.script.text, 'echo 1\necho 2\n');
    const { name, continueOnError, enabled, timeoutInMinutes, retryCountOnTaskFailure, failOnStderr, shell } =
      step;
    assert.deepEqual(
      { name, continueOnError, enabled, timeoutInMinutes, retryCountOnTaskFailure, failOnStderr, shell },
      {
        name: 'hello',
        continueOnError: true,
        enabled: false,
        timeoutInMinutes: 3,
        retryCountOnTaskFailure: 2,
        failOnStderr: true,
        shell: 'bash',
      },
    );
    assert.equal(step.env.get('A')?.text, '$(b)');
    assert.equal(step.displayName?.text, 'Say $(x)');
    assert.deepEqual([step.place.line, step.place.column], [2, 3]);
    assert.deepEqual([step.condition?.place.line, step.condition?.place.column], [7, 14]);
    assert.equal(step.workingDirectory?.text, 'sub');
  });

  it('knows every kind of step', async () => {
    const plan = await read(
      'steps:\n- checkout: self\n  fetchDepth: 1\n- task: TrainModel@1\n  inputs:\n    jobFile: a.yml\n- pwsh: a\n  errorActionPreference: continue\n  ignoreLASTEXITCODE: true\n- powershell: b\n- publish: out\n  artifact: model\n- download: current\n  artifact: model\n  patterns: "**/*.pkl"\n- download: none\n',
    );
    const [job] = jobsOf(plan);
    assert.ok(job?.kind === 'job');
    assert.deepEqual(
      job.steps.map((step) => step.kind),
      ['checkout', 'task', 'script', 'script', 'publish', 'download', 'download'],
    );
    const [, task, pwsh] = job.steps;
    assert.ok(task?.kind === 'task' && pwsh?.kind === 'script');
    assert.deepEqual(
      [task.task, task.inputs.get('jobFile')?.text],
      [{ name: 'TrainModel', major: 1 }, 'a.yml'],
    );
    assert.deepEqual(
      [pwsh.shell, pwsh.errorActionPreference, pwsh.ignoreLastExitCode],
      ['pwsh', 'continue', true],
    );
  });

  it('reads a deployment job with all its hooks, in the order they run', async () => {
    const hook = 'steps: [{script: s}]';
    const plan = await read(
      `jobs:\n- deployment: Deploy\n  environment: {name: production}\n  strategy:\n    runOnce:\n      on:\n        failure: {${hook}}\n        success: {${hook}}\n      postRouteTraffic: {${hook}}\n      deploy: {${hook}}\n      preDeploy: {${hook}}\n`,
    );
    const [job] = jobsOf(plan);
    assert.ok(job?.kind === 'deployment');
    assert.equal(job.environment?.text, 'production');
    assert.deepEqual(
      job.hooks.map(({ name }) => name),
      ['preDeploy', 'deploy', 'postRouteTraffic', 'on.success', 'on.failure'],
    );
    assert.deepEqual(
      job.hooks.map(({ steps }) => steps.map(({ kind }) => kind)),
      [['script'], ['download', 'script'], ['script'], ['script'], ['script']],
    );
  });

  it('leaves out the automatic download where the steps speak of downloads', async () => {
    const plan = await read(
      'jobs:\n- deployment: D\n  environment: e\n  strategy:\n    runOnce:\n      deploy:\n        steps:\n        - download: none\n        - script: s\n',
    );
    const [job] = jobsOf(plan);
    assert.deepEqual(job?.kind === 'deployment' && job.hooks[0]?.steps.map(({ kind }) => kind), [
      'download',
      'script',
    ]);
  });

  it('makes a job of every row of a matrix, and others wait for all of them', async () => {
    const plan = await read(
      'jobs:\n- job: Test\n  variables: {a: 1}\n  strategy:\n    maxParallel: 2\n    matrix:\n      linux: {os: l, a: 2}\n      mac: {os: m}\n  steps: [{script: "echo $(os)"}]\n- job: After\n  dependsOn: test\n  steps: [{script: x}]\n',
    );
    const [linux, mac, after] = jobsOf(plan);
    assert.deepEqual(
      [linux?.name, linux?.displayName, linux?.copyOf],
      ['Test_linux', 'Test linux', { job: 'Test', copy: 'linux', maxParallel: 2 }],
    );
    assert.deepEqual(linux && variablesOf(linux), {
      a: '2',
      os: 'l',
      'System.JobPositionInPhase': '1',
      'System.TotalJobsInPhase': '2',
    });
    assert.equal(mac?.variables.get('a')?.value.text, '1');
    assert.deepEqual(after?.dependsOn, ['Test_linux', 'Test_mac']);
  });

  it('makes as many jobs as parallel says', async () => {
    const plan = await read('strategy: {parallel: 3}\nsteps: [{script: x}]\n');
    assert.deepEqual(
      jobsOf(plan).map(({ name }) => name),
      ['Job_1', 'Job_2', 'Job_3'],
    );
  });

  it('keeps macros and run-time expressions for the run', async () => {
    const plan = await read(
      "variables:\n  a: $[ counter('x', 1) ]\nsteps:\n- script: echo $(a) $[ b ]\n  displayName: $(c)\n",
    );
    assert.deepEqual(variablesOf(plan), { a: "$[ counter('x', 1) ]" });
    assert.deepEqual(scriptsOf(plan), ['echo $(a) $[ b ]']);
  });

  it('is refused when it has two bodies or none', async () => {
    assert.deepEqual(await problemsIn('steps: []\njobs: []\n'), [
      "main.yml:1:1 'steps' cannot stand beside 'jobs'.",
    ]);
    assert.deepEqual(await problemsIn('name: x\n'), [
      'main.yml:1:1 A pipeline needs one of stages, jobs, steps, extends.',
    ]);
  });
});
