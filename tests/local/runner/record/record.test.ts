import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  createProject,
  goOn,
  job,
  readRecord,
  removeProjects,
  run,
  type Project,
} from '../execute/harness.ts';
import { assertValidRecord } from './schema.ts';

after(removeProjects);

const root = fileURLToPath(new URL('../../../../', import.meta.url));

const RICH = `
console.log('##vso[task.setvariable variable=hidden;isSecret=true;isOutput=true]s3cret-value');
console.log('##vso[task.setvariable variable=open;isOutput=true]o');
console.log('##vso[task.logissue type=warning;sourcepath=a/s3cret-value.yml;linenumber=3;code=C1]has s3cret-value inside');
console.log('##vso[task.logdetail id=11111111-1111-4111-8111-111111111111;name=s3cret-value;type=t;progress=1;state=InProgress]');
console.log('##vso[task.setprogress value=30]at s3cret-value');
console.log('said s3cret-value and client-key-value');
const fs = require('fs'); const file = process.env.AGENT_TEMPDIRECTORY + '/f'; fs.writeFileSync(file, 'content');
console.log('##vso[task.addattachment type=evidence;name=s3cret-value]' + file);
process.exitCode = 1;`;

describe('the record of a run', () => {
  it('follows its schema, and shows no secret anywhere', async () => {
    const project = createProject();
    project.task('Rich', RICH);
    const connections = [
      {
        id: '7e1ac9b2-2f3c-4a53-9d05-0d5f4a1b6c11',
        name: 'azure',
        url: 'https://x/',
        scheme: 'ServicePrincipal' as const,
        parameters: { serviceprincipalkey: 'client-key-value' },
        data: {},
      },
    ];
    const yaml = `
stages:
- stage: A
  jobs:
  - job: main
    steps: [{ checkout: none }, { task: Rich@1, name: rich, continueOnError: true }, { bash: 'exit 1', name: bad }]
- stage: B
  jobs: [{ deployment: d, environment: prod, strategy: { runOnce: { deploy: { steps: [{ bash: 'true' }] } } } }]`;
    const ran = await run(project, yaml, { connections });
    assertValidRecord(ran.record);
    const logs = ran.log('rich');
    for (const text of [JSON.stringify(ran.record), ran.shown, logs])
      assert.doesNotMatch(text, /s3cret-value|client-key-value/);
    assert.match(logs, /said \*\*\* and \*\*\*/);
    const step = ran.step('rich');
    assert.deepEqual(step.issues[0], {
      type: 'warning',
      message: 'has *** inside',
      sourcePath: 'a/***.yml',
      line: 3,
      code: 'C1',
    });
    assert.deepEqual(step.task, {
      id: '6f0b3c4e-0000-4000-8000-000000000001',
      name: 'Rich',
      version: '1.0.0',
    });
    assert.equal(readFileSync(path.join(ran.folder, step.attachments[0]?.file ?? ''), 'utf8'), 'content');
    assert.equal(step.result, 'succeededWithIssues');
  });

  it('has a log per step, every line with its time', async () => {
    const ran = await run(createProject(), job(`\n- bash: echo one\n  name: a\n- bash: echo two\n  name: b`));
    const log = readFileSync(path.join(ran.folder, ran.step('b').log ?? ''), 'utf8')
      .trimEnd()
      .split('\n');
    assert.match(log.at(-1) ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z two$/);
    assert.notEqual(ran.step('a').log, ran.step('b').log);
  });

  it('is readable after a kill, and the run goes on from the stage that was interrupted', async () => {
    const project = createProject();
    await killWhileRunning(project);
    const folder = path.join(project.runs, '1');
    const broken = readRecord(folder);
    assertValidRecord(broken);
    assert.deepEqual(
      [broken.state, broken.stages[0]?.result, broken.stages[1]?.state],
      ['inProgress', 'succeeded', 'inProgress'],
    );
    // As if the kill had come just before the record learnt that the first stage had ended.
    Object.assign(broken.stages[0] ?? {}, { state: 'inProgress', result: undefined });
    writeFileSync(path.join(folder, 'run.json'), JSON.stringify(broken));
    const again = await goOn(project, folder);
    assert.deepEqual([again.stage('One').result, again.stage('One').attempt], ['succeeded', 1]);
    assertValidRecord(again.record);
    assert.equal(again.record.result, 'succeeded');
    assert.equal(again.stage('Two').attempt, 2);
    assert.match(again.log('slow'), /^attempt 2, one said once$/m);
    assert.equal(readFileSync(path.join(project.folder, 'count'), 'utf8'), 'x\n');
  });
});

/** Runs a pipeline in a process of its own and kills that process in the second stage. */
async function killWhileRunning(project: Project): Promise<void> {
  const mark = path.join(project.folder, 'running');
  const yaml = `
stages:
- stage: One
  jobs:
  - job: a
    steps: [{ checkout: none }, { bash: 'echo x >> ${project.folder}/count; echo "##vso[task.setvariable variable=v;isOutput=true]once"', name: s }]
- stage: Two
  variables: { v: "$[ stageDependencies.One.a.outputs['s.v'] ]" }
  jobs:
  - job: b
    steps:
    - checkout: none
    - bash: |
        echo "attempt $(System.StageAttempt), one said $(v)"
        if [ $(System.StageAttempt) = 1 ]; then touch ${mark}; exec sleep 30; fi
      name: slow`;
  const script = `import { createProject, run } from ${JSON.stringify(path.join(root, 'tests/local/runner/execute/harness.ts'))};
    await run(createProject(${JSON.stringify(project.folder)}), ${JSON.stringify(yaml)});`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    stdio: 'inherit',
  });
  while (!existsSync(mark) && child.exitCode === null) await delay(30);
  await delay(400);
  child.kill('SIGKILL');
  await once(child, 'exit');
}
