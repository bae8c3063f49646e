import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createProject, removeProjects, run } from './harness.ts';

after(removeProjects);

describe('stages and jobs', () => {
  it('run in the order of their dependencies, and skip what depends on a failure', async () => {
    const yaml = `
stages:
- stage: A
  jobs:
  - job: ok
    steps: [{ checkout: none }, { bash: 'exit 0', name: a1 }]
- stage: B
  jobs:
  - job: bad
    steps: [{ checkout: none }, { bash: 'exit 1', name: b1 }, { bash: 'true', name: b2 }, { bash: 'echo always', name: b3, condition: always() }]
- stage: C
  jobs: [{ job: no, steps: [{ bash: 'true', name: c1 }] }]
- stage: D
  condition: failed()
  dependsOn: B
  jobs: [{ job: repair, steps: [{ checkout: none }, { bash: 'true', name: d1 }] }]
- stage: E
  dependsOn: []
  jobs:
  - job: soft
    continueOnError: true
    steps: [{ checkout: none }, { bash: 'false', name: e1 }]
  - job: after
    dependsOn: soft
    steps: [{ checkout: none }, { bash: 'true', name: e2 }]`;
    const ran = await run(createProject(), yaml);
    const results = Object.fromEntries(ran.record.stages.map((stage) => [stage.name, stage.result]));
    assert.deepEqual(results, {
      A: 'succeeded',
      B: 'failed',
      C: 'skipped',
      D: 'succeeded',
      E: 'succeededWithIssues',
    });
    const { a1, b1, b2, b3, d1, e1, e2 } = ran.results();
    assert.deepEqual(
      [a1, b1, b2, b3, d1, e1, e2],
      ['succeeded', 'failed', 'skipped', 'succeeded', 'succeeded', 'failed', 'succeeded'],
    );
    assert.equal(ran.job('soft').result, 'succeededWithIssues');
    assert.equal(ran.job('no').result, 'skipped');
    assert.equal(ran.record.result, 'failed');
    assert.ok((ran.stage('A').durationInMs ?? -1) >= 0);
  });

  it('run side by side when nothing holds them, as many as are allowed', async () => {
    const project = createProject();
    // Each waits for the other's file: one after the other they would never end well.
    const meet = (own: string, other: string): string =>
      `touch ${project.folder}/${own}; for i in $(seq 100); do [ -f ${project.folder}/${other} ] && exit 0; sleep 0.1; done; exit 1`;
    const yaml = `
jobs:
- job: one
  steps: [{ checkout: none }, { bash: '${meet('a', 'b')}' }]
- job: two
  steps: [{ checkout: none }, { bash: '${meet('b', 'a')}' }]`;
    const ran = await run(project, yaml, { maxParallelJobs: 2 });
    assert.equal(ran.record.result, 'succeeded');
  });

  it('get a fresh empty folder each, and pass nothing on but what is published', async () => {
    const project = createProject();
    project.write('kept.txt', 'from the repository');
    const yaml = `
jobs:
- job: first
  steps:
  - bash: cat kept.txt; echo left > leftover.txt; echo left > $(Agent.TempDirectory)/x; mkdir out; echo model > out/m.txt; echo log > out/x.log
    name: make
  - publish: out
    artifact: model
- job: second
  dependsOn: first
  steps:
  - checkout: none
  - bash: ls -A . $(Agent.TempDirectory) | grep -v '\\.sh$'; true
    name: look
  - download: current
    artifact: model
    patterns: |
      **/*
      !**/*.log
  - bash: ls -A $(Pipeline.Workspace)/model
    name: got`;
    const ran = await run(project, yaml);
    assert.equal(ran.record.result, 'succeeded');
    assert.doesNotMatch(ran.log('look'), /leftover|kept|\bx\b/);
    assert.match(ran.log('got'), /\nm\.txt$/);
    assert.deepEqual(ran.record.artifacts, [
      { name: 'model', type: 'PipelineArtifact', folder: 'artifacts/model' },
    ]);
    assert.equal(existsSync(path.join(ran.folder, 'agents')), false);
    assert.equal(existsSync(path.join(ran.folder, 'sources')), false);
  });

  it('fail a download of what nobody published, and a second artifact of one name', async () => {
    const yaml = `
steps:
- checkout: none
- bash: echo x > f
- publish: f
  artifact: a
- publish: f
  artifact: a
  name: again
- download: current
  artifact: b
  name: missing
  condition: always()`;
    const ran = await run(createProject(), yaml);
    assert.deepEqual([ran.step('again').result, ran.step('missing').result], ['failed', 'failed']);
    assert.match(ran.step('missing').issues[0]?.message ?? '', /'b'.*published: a/s);
  });
});

describe('a checkout', () => {
  it('brings tracked and new files of the repository, and what git knows of it', async () => {
    const project = createProject();
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', project.repository, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
        encoding: 'utf8',
      });
    project.write('tracked.txt', 'old');
    project.write('.gitignore', 'ignored.txt\n');
    git('init', '-q', '-b', 'work/topic');
    git('add', '.');
    git('commit', '-q', '-m', 'First words');
    project.write('tracked.txt', 'changed');
    project.write('new.txt', 'n');
    project.write('ignored.txt', 'i');
    const yaml = `steps:\n- bash: ls -A; cat tracked.txt; echo; echo "$(Build.SourceVersion) $(Build.SourceBranch) $(Build.SourceBranchName) $(Build.SourceVersionMessage)"\n  name: look`;
    const ran = await run(project, yaml);
    const lines = ran.log('look').split('\n').slice(1);
    assert.deepEqual(lines.slice(0, -1), [
      '.gitignore',
      'azure-pipelines.yml',
      'new.txt',
      'tracked.txt',
      'changed',
    ]);
    assert.equal(lines.at(-1), `${git('rev-parse', 'HEAD').trim()} refs/heads/work/topic topic First words`);
  });
});

describe('variables', () => {
  it('of an inner level win, and expressions see those before them', async () => {
    const yaml = `
variables:
  level: pipeline
  computed: $[ format('{0}-{1}', variables['level'], variables['Build.Reason']) ]
  number: $[ counter('x', 5) ]
stages:
- stage: S
  variables: { level: stage }
  jobs:
  - job: J
    variables: { level: job, own: "$[ upper(variables['level']) ]" }
    steps: [{ checkout: none }, { bash: 'echo "$(level) $(computed) $(own) $(number) $LEVEL"', name: show }]`;
    const project = createProject();
    assert.match((await run(project, yaml)).log('show'), /^job pipeline-Manual JOB 5 job$/m);
    assert.match((await run(project, yaml)).log('show'), / 6 job$/m);
  });

  it('set as outputs reach other jobs and stages, secrets staying secret', async () => {
    const project = createProject();
    project.task(
      'Set',
      `console.log('##vso[task.setvariable variable=open;isOutput=true]plain-value'); console.log('##vso[task.setvariable variable=hidden;isOutput=true;isSecret=true]hidden-value');`,
    );
    const yaml = `
stages:
- stage: One
  jobs:
  - job: A
    steps: [{ checkout: none }, { task: Set@1, name: set }]
  - job: B
    dependsOn: A
    variables:
      got: $[ dependencies.A.outputs['set.open'] ]
      secret: $[ dependencies.A.outputs['set.hidden'] ]
    steps: [{ checkout: none }, { bash: 'echo "$(got) $(secret) <$SECRET>"', name: b }]
- stage: Two
  condition: and(succeeded(), eq(dependencies.One.outputs['A.set.open'], 'plain-value'))
  jobs:
  - job: C
    variables: { got: "$[ stageDependencies.One.A.outputs['set.open'] ]", result: "$[ stageDependencies.One.B.result ]" }
    condition: eq(stageDependencies.One.A.outputs['set.open'], 'plain-value')
    steps: [{ checkout: none }, { bash: 'echo "$(got) $(result)"', name: c }]
- stage: Three
  condition: eq(dependencies.Two.outputs['A.set.open'], 'plain-value')
  jobs: [{ job: D, steps: [{ bash: 'true', name: d }] }]`;
    const ran = await run(project, yaml);
    assert.match(ran.log('b'), /^plain-value \*\*\* <>$/m);
    assert.match(ran.log('c'), /^plain-value Succeeded$/m);
    assert.equal(ran.stage('Three').result, 'skipped');
    const everything = JSON.stringify(ran.record) + ran.shown;
    assert.doesNotMatch(everything, /hidden-value/);
  });

  it('of copies of a job come by copy and step', async () => {
    const yaml = `
jobs:
- job: many
  strategy:
    matrix:
      red: { colour: red }
      blue: { colour: blue }
  steps: [{ checkout: none }, { bash: 'echo "##vso[task.setvariable variable=c;isOutput=true]$(colour)"', name: s }]
- job: all
  dependsOn: many
  variables: { r: "$[ dependencies.many.outputs['red.s.c'] ]", b: "$[ dependencies.many.outputs['blue.s.c'] ]" }
  steps: [{ checkout: none }, { bash: 'echo "$(r) $(b)"', name: show }]`;
    assert.match((await run(createProject(), yaml)).log('show'), /^red blue$/m);
  });

  it('that cannot be evaluated fail their job with the place', async () => {
    const yaml = `
jobs:
- job: bad
  variables: { x: "$[ convertToJson(variables) ]", y: "$[ split('a,b', ',') ]" }
  steps: [{ checkout: none }, { bash: 'true' }]`;
    const ran = await run(createProject(), yaml);
    assert.equal(ran.job('bad').result, 'failed');
    assert.match(ran.job('bad').issues[0]?.message ?? '', /azure-pipelines\.yml:4/);
  });
});

describe('a deployment', () => {
  it('runs its hooks on agents of their own, and names its outputs after the job', async () => {
    const yaml = `
stages:
- stage: Deploy
  jobs:
  - deployment: web
    environment: staging
    strategy:
      runOnce:
        preDeploy:
          steps: [{ bash: 'echo x > here; echo "##vso[task.setvariable variable=v;isOutput=true]pre"', name: pre }]
        deploy:
          steps:
          - bash: ls -A; echo "in $(Environment.Name)"; echo "##vso[task.setvariable variable=v;isOutput=true]deployed"
            name: dep
        on:
          failure: { steps: [{ bash: 'true', name: bad }] }
          success: { steps: [{ bash: 'true', name: good }] }
  - deployment: plain
    environment: staging
    strategy: { runOnce: { deploy: { steps: [{ bash: 'echo "##vso[task.setvariable variable=v;isOutput=true]p"', name: dep2 }] } } }
  - job: after
    dependsOn: [web, plain]
    variables:
      v: $[ dependencies.web.outputs['web.dep.v'] ]
      p: $[ dependencies.plain.outputs['plain.dep2.v'] ]
    steps: [{ checkout: none }, { bash: 'echo "$(v) $(p)"', name: show }]
- stage: Last
  jobs:
  - job: read
    variables: { v: "$[ stageDependencies.Deploy.plain.outputs['plain.dep2.v'] ]" }
    steps: [{ checkout: none }, { bash: 'echo "$(v)"', name: last }]`;
    const ran = await run(createProject(), yaml);
    assert.doesNotMatch(ran.log('dep'), /^here$/m);
    assert.match(ran.log('dep'), /^in staging$/m);
    assert.match(ran.log('show'), /^deployed p$/m);
    assert.match(ran.log('last'), /^p$/m);
    assert.equal(ran.step('good').hook, 'on.success');
    assert.equal('bad' in ran.results(), false);
    assert.equal(ran.job('web').environment, 'staging');
  });

  it('that fails runs on.failure and stays failed', async () => {
    const yaml = `
jobs:
- deployment: web
  environment: e
  strategy:
    runOnce:
      deploy: { steps: [{ bash: 'exit 3', name: dep }] }
      routeTraffic: { steps: [{ bash: 'true', name: route }] }
      on: { failure: { steps: [{ bash: 'true', name: undo }] }, success: { steps: [{ bash: 'true', name: good }] } }`;
    const ran = await run(createProject(), yaml);
    assert.deepEqual(ran.results(), {
      DownloadPipelineArtifact1: 'succeeded',
      dep: 'failed',
      undo: 'succeeded',
    });
    assert.equal(ran.record.result, 'failed');
  });
});

describe('scripts', () => {
  it('start where they are told, and fail for stderr only when asked', async () => {
    const yaml = `
steps:
- checkout: none
- bash: mkdir sub
- script: pwd; echo oops >&2
  workingDirectory: sub
  name: lax
- script: echo oops >&2
  failOnStderr: true
  name: strict
- bash: 'true'
  workingDirectory: nowhere
  name: lost
  condition: always()`;
    const ran = await run(createProject(), yaml);
    assert.match(ran.log('lax'), /\/s\/sub\noops$/);
    assert.deepEqual(
      [ran.step('lax').result, ran.step('strict').result, ran.step('lost').result],
      ['succeeded', 'failed', 'failed'],
    );
    assert.match(ran.step('lost').issues[0]?.message ?? '', /could not be started in '.*nowhere'/);
  });
});

describe('the name of a run', () => {
  it('counts revisions of one day, and takes variables', async () => {
    const project = createProject();
    const yaml = (format: string): string => `name: ${format}\nsteps: [{ checkout: none }, { bash: 'true' }]`;
    const names = [];
    for (let n = 0; n < 2; n++) names.push((await run(project, yaml('$(Date:yyyy).$(Rev:rr)'))).record.name);
    const year = new Date().getFullYear();
    assert.deepEqual(names, [`${year}.01`, `${year}.02`]);
    const named = await run(
      project,
      `variables: { flavour: sweet }\n${yaml('$(Build.DefinitionName)-$(flavour)-$(Build.BuildId)')}`,
    );
    assert.equal(named.record.name, 'azure-pipelines-sweet-3');
    assert.deepEqual(
      readdirSync(project.runs).filter((name) => /^\d/.test(name)),
      ['1', '2', '3'],
    );
    assert.match(readFileSync(path.join(project.runs, '.project'), 'utf8'), /^[0-9a-f-]{36}$/);
  });
});
