import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createProject, removeProjects, run } from '../execute/harness.ts';

after(removeProjects);

describe('pipeline artifacts', () => {
  it('leave out what .artifactignore names, and without one the .git folder', async () => {
    const yaml = `
steps:
- checkout: none
- bash: |
    mkdir -p a/.git a/deep b; touch a/.git/x a/deep/keep.txt b/keep.txt b/drop.log
    echo '*.log' > b/.artifactignore
- publish: a
  artifact: a
- publish: $(System.DefaultWorkingDirectory)/b
  artifact: b
- publish: b/keep.txt
  artifact: single`;
    const { folder, record } = await run(createProject(), yaml);
    assert.equal(record.result, 'succeeded');
    const files = (name: string): string[] =>
      readdirSync(path.join(folder, 'artifacts', name), { recursive: true, encoding: 'utf8' }).sort();
    assert.deepEqual(files('a'), ['deep', 'deep/keep.txt']);
    assert.deepEqual(files('b'), ['.artifactignore', 'keep.txt']);
    assert.deepEqual(files('single'), ['keep.txt']);
  });

  it('come all together to the workspace of a deployment, or where a step wants them', async () => {
    const yaml = `
stages:
- stage: Make
  jobs:
  - job: make
    steps:
    - checkout: none
    - bash: mkdir one two; echo 1 > one/f; echo 2 > two/f; echo x > two/x.tmp
    - { publish: one, artifact: one }
    - { publish: two, artifact: two }
- stage: Use
  jobs:
  - deployment: use
    environment: e
    strategy:
      runOnce:
        deploy:
          steps: [{ bash: 'cd $(Pipeline.Workspace); cat one/f two/f; ls two', name: auto }]
  - job: picky
    steps:
    - checkout: none
    - download: current
      patterns: |
        **
        !two/*.tmp
    - bash: ls $(Pipeline.Workspace)/two
      name: picked
    - download: none`;
    const ran = await run(createProject(), yaml);
    assert.equal(ran.record.result, 'succeeded');
    assert.match(ran.log('auto'), /\n1\n2\nf\nx\.tmp$/);
    assert.match(ran.log('picked'), /\nf$/);
  });

  it('of names no file system takes, or of nothing, fail their step', async () => {
    const yaml = `
steps:
- checkout: none
- { publish: nowhere, artifact: a, name: nothing }
- { publish: ., artifact: '../up', name: up, condition: always() }`;
    const ran = await run(createProject(), yaml);
    assert.deepEqual([ran.step('nothing').result, ran.step('up').result], ['failed', 'failed']);
  });
});

describe('a repository', () => {
  it('without git is copied whole, but for the folder of the runs', async () => {
    const project = createProject();
    project.write('deep/file.txt', 'x');
    const inside = { ...project, runs: path.join(project.repository, '.runs') };
    const yaml = `steps:\n- bash: ls -A\n  name: look`;
    assert.match((await run(inside, yaml)).log('look'), /\nazure-pipelines\.yml\ndeep$/);
    assert.match((await run(inside, yaml)).log('look'), /\nazure-pipelines\.yml\ndeep$/);
  });

  it('that git ignores as a whole is copied as if there were no git', async () => {
    const project = createProject();
    execFileSync('git', ['init', '-q', project.folder]);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(project.folder, '.gitignore'), 'repository/\n');
    assert.match(
      (await run(project, `steps:\n- bash: ls -A\n  name: look`)).log('look'),
      /\nazure-pipelines\.yml$/,
    );
  });
});
