import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createProject, job, removeProjects, run, type Project, type Ran } from '../execute/harness.ts';

after(removeProjects);

/** A task that prints the lines given, then ends with a code. */
function says(project: Project, lines: readonly string[], more: object = {}, exitCode = 0): void {
  const script = `for (const line of ${JSON.stringify(lines)}) console.log(line); process.exitCode = ${exitCode};`;
  project.task('Say', script, more);
}

const SAY = `
- task: Say@1
  name: say`;

async function saying(lines: readonly string[], more: object = {}, exitCode = 0): Promise<Ran> {
  const project = createProject();
  says(project, lines, more, exitCode);
  return run(project, job(SAY));
}

describe('logging commands', () => {
  it('are found anywhere in a line and do not show in the log', async () => {
    const ran = await saying(['before', 'text ##vso[task.setprogress value=7]working', 'after']);
    assert.equal(ran.log('say'), 'before\nafter');
    assert.equal(ran.step('say').currentOperation, 'working');
  });

  it('are unescaped in properties and data, the percent sign last', async () => {
    const ran = await saying(['##vso[task.setvariable variable=a%3Bb;isOutput=true]one%0Atwo %AZP253B %5D']);
    assert.deepEqual(ran.step('say').outputs, [{ name: 'a;b', value: 'one\ntwo %3B ]', isSecret: false }]);
  });

  it('that cannot be read are shown with a warning', async () => {
    const ran = await saying(['##vso[task.setvariable', '##vso[nothing]x']);
    assert.equal(ran.step('say').result, 'succeeded');
    assert.equal(ran.step('say').warningCount, 2);
    assert.match(ran.log('say'), /^##vso\[nothing\]x$/m);
  });

  it('of an unknown area warn, of an unknown event fail the step', async () => {
    const area = await saying(['##vso[weather.rain]x']);
    assert.equal(area.step('say').result, 'succeeded');
    assert.equal(area.step('say').warningCount, 1);
    const event = await saying(['##vso[task.fly]x']);
    assert.equal(event.step('say').result, 'failed');
    assert.match(event.step('say').issues[0]?.message ?? '', /task\.fly/);
  });

  it('of a release fail the step of a build', async () => {
    const ran = await saying(['##vso[release.updatereleasename]x']);
    assert.equal(ran.step('say').result, 'failed');
  });

  it('for telemetry are dropped without a word', async () => {
    const ran = await saying(['##vso[telemetry.publish area=a;feature=b]{}']);
    assert.equal(ran.step('say').result, 'succeeded');
    assert.equal(ran.step('say').issues.length, 0);
  });

  it('on stderr count too, and other text there is no error', async () => {
    const project = createProject();
    project.task(
      'Say',
      `console.error('just words'); console.error('##vso[task.setvariable variable=x;isOutput=true]1');`,
    );
    const ran = await run(project, job(SAY));
    assert.equal(ran.step('say').result, 'succeeded');
    assert.equal(ran.step('say').outputs[0]?.value, '1');
  });
});

describe('task.complete', () => {
  const results: readonly (readonly [lines: string[], exitCode: number, result: string])[] = [
    [[], 0, 'succeeded'],
    [[], 3, 'failed'],
    [['##vso[task.complete result=SucceededWithIssues;]meh'], 0, 'succeededWithIssues'],
    [['##vso[task.complete result=Failed;]no', '##vso[task.complete result=Succeeded;]yes'], 0, 'failed'],
    [['##vso[task.complete result=Succeeded;]yes'], 1, 'failed'],
    [['##vso[task.complete result=Skipped;]', '##vso[task.complete result=Failed;]'], 0, 'skipped'],
    [['##vso[task.complete result=Canceled;]'], 0, 'canceled'],
    [['##vso[task.complete result=Cancelled;]'], 0, 'failed'],
    [['##vso[task.complete result=succeeded;]'], 0, 'failed'],
    [['##vso[task.complete]'], 0, 'failed'],
  ];
  for (const [lines, exitCode, result] of results) {
    it(`gives ${result} for ${lines.join(' then ') || 'silence'} and exit code ${exitCode}`, async () => {
      const ran = await saying(lines, {}, exitCode);
      assert.equal(ran.step('say').result, result);
    });
  }

  it('with done=true ends the step while the process lives on', async () => {
    const project = createProject();
    project.task(
      'Say',
      `console.log('##vso[task.complete result=Succeeded;done=true]'); setTimeout(() => console.log('late'), 60000);`,
    );
    const { fastClock } = await import('../execute/harness.ts');
    const ran = await run(project, job(SAY), { clock: fastClock(20) });
    assert.equal(ran.step('say').result, 'succeeded');
    assert.equal(ran.log('say'), '');
  });
});

describe('task.setvariable', () => {
  const echo =
    '\n- bash: echo "[$(plain)] "\'[$(declared)]\'" [$(say.declared)] [$(say.asked)] "\'[$(asked)]\'\n  name: echo';

  it('sets a job variable, or an output when declared or asked for', async () => {
    const project = createProject();
    says(
      project,
      [
        '##vso[task.setvariable variable=plain]p',
        '##vso[task.setvariable variable=DECLARED]d',
        '##vso[task.setvariable variable=asked;isOutput=true]a',
      ],
      { outputVariables: [{ name: 'declared' }] },
    );
    const ran = await run(project, job(SAY + echo));
    assert.match(ran.log('echo'), /^\[p\] \[\$\(declared\)\] \[d\] \[a\] \[\$\(asked\)\]$/m);
    assert.deepEqual(
      ran.step('say').outputs.map((one) => one.name),
      ['DECLARED', 'asked'],
    );
  });

  it('keeps a secret secret when it is set again without the flag', async () => {
    const ran = await saying([
      '##vso[task.setvariable variable=x;isSecret=true;isOutput=true]first-secret',
      '##vso[task.setvariable variable=x;isOutput=true]second-secret',
      'first-secret and second-secret',
    ]);
    assert.equal(ran.log('say').split('\n').at(-1), '*** and ***');
    assert.deepEqual(ran.step('say').outputs, [{ name: 'x', value: '***', isSecret: true }]);
  });

  it('refuses a secret of several lines unless the pipeline allows it', async () => {
    const line = '##vso[task.setvariable variable=x;isSecret=true]one%0Atwo';
    assert.equal((await saying([line])).step('say').result, 'failed');
    const project = createProject();
    says(project, [line]);
    const ran = await run(project, `variables:\n  SYSTEM_UNSAFEALLOWMULTILINESECRET: true\n${job(SAY)}`);
    assert.equal(ran.step('say').result, 'succeeded');
  });

  it('overwrites a read-only variable with a warning, or fails when the pipeline is strict', async () => {
    const lines = ['##vso[task.setvariable variable=Build.BuildId]9'];
    const lax = await saying(lines);
    assert.equal(lax.step('say').result, 'succeeded');
    assert.equal(lax.step('say').warningCount, 1);
    const project = createProject();
    says(project, lines);
    const strict = await run(project, `variables:\n  agent.readOnlyVariables: true\n${job(SAY)}`);
    assert.equal(strict.step('say').result, 'failed');
  });

  it('expands a value that holds a macro when the next step starts', async () => {
    const project = createProject();
    says(project, ['##vso[task.setvariable variable=late]$(other)!']);
    const steps = `${SAY}\n- bash: echo "$(late)"\n  name: echo`;
    const ran = await run(project, `variables:\n  other: o\n${job(steps)}`);
    assert.match(ran.log('echo'), /^o!$/m);
  });
});

describe('restrictions of a task', () => {
  it('in restricted mode refuse attachments and the like with a warning', async () => {
    const ran = await saying(
      ['##vso[task.uploadsummary]/etc/hostname', '##vso[task.setvariable variable=x;isOutput=true]1'],
      {
        restrictions: { commands: { mode: 'restricted' } },
      },
    );
    assert.equal(ran.step('say').result, 'succeeded');
    assert.equal(ran.step('say').warningCount, 1);
    assert.equal(ran.step('say').attachments.length, 0);
    assert.equal(ran.step('say').outputs.length, 1);
  });

  it('let only variables of the listed patterns be set, without regard to case', async () => {
    const ran = await saying(
      [
        '##vso[task.setvariable variable=Model_Name;isOutput=true]m',
        '##vso[task.setvariable variable=other;isOutput=true]o',
        '##vso[task.prependpath]/tmp',
      ],
      { restrictions: { settableVariables: { allowed: ['model_*'] } } },
    );
    assert.deepEqual(
      ran.step('say').outputs.map((one) => one.name),
      ['Model_Name'],
    );
    assert.equal(ran.step('say').warningCount, 2);
  });
});

describe('reports of a task', () => {
  it('keep ten errors and ten warnings and count the rest', async () => {
    const lines = Array.from(
      { length: 12 },
      (_, n) => `##vso[task.logissue type=error;sourcepath=a.yml;linenumber=${n}]bad`,
    );
    const ran = await saying([...lines, '##vso[task.logissue type=warning]hm']);
    assert.equal(ran.step('say').issues.filter((one) => one.type === 'error').length, 10);
    assert.equal(ran.step('say').errorCount, 12);
    assert.match(ran.log('say'), /^##\[error\]a\.yml\(3,0\): error: bad$/m);
    assert.equal(ran.step('say').result, 'succeeded');
  });

  it('fail for an issue of an unknown type, warn for one without', async () => {
    assert.equal((await saying(['##vso[task.logissue type=info]x'])).step('say').result, 'failed');
    const none = await saying(['##vso[task.logissue]x']);
    assert.equal(none.step('say').result, 'succeeded');
    assert.equal(none.step('say').warningCount, 1);
  });

  it('never let progress go down, and hold it between 0 and 100', async () => {
    const project = createProject();
    says(project, ['##vso[task.setprogress value=150]a', '##vso[task.setprogress value=20]b'], {}, 1);
    const ran = await run(project, job(SAY));
    assert.equal(ran.step('say').percentComplete, 100);
    assert.equal(ran.step('say').currentOperation, 'b');
    assert.equal((await saying(['##vso[task.setprogress value=half]'])).step('say').result, 'failed');
  });

  it('keep attachments by type and name with their files', async () => {
    const project = createProject();
    project.task(
      'Say',
      `const fs = require('fs'); const file = process.env.AGENT_TEMPDIRECTORY + '/a.json';
       for (const text of ['1', '2']) { fs.writeFileSync(file, text); console.log('##vso[task.addattachment type=evidence;name=e.json]' + file); }
       const page = process.env.AGENT_TEMPDIRECTORY + '/page.md'; fs.writeFileSync(page, '# Page'); console.log('##vso[task.uploadsummary]' + page);
       console.log('##vso[task.uploadfile]' + page);`,
    );
    const ran = await run(project, job(SAY));
    const { attachments } = ran.step('say');
    assert.deepEqual(
      attachments.map(({ type, name }) => [type, name]),
      [
        ['evidence', 'e.json'],
        ['Distributedtask.Core.Summary', 'page.md'],
        ['DistributedTask.Core.FileAttachment', 'page.md'],
      ],
    );
    assert.equal(readFileSync(path.join(ran.folder, attachments[0]?.file ?? ''), 'utf8'), '2');
  });

  it('refuse attachments that are not there or whose names leave their folder', async () => {
    assert.equal(
      (await saying(['##vso[task.addattachment type=t;name=n]/no/such/file'])).step('say').result,
      'failed',
    );
    assert.equal(
      (await saying(['##vso[task.addattachment type=..;name=n]/etc/hostname'])).step('say').result,
      'failed',
    );
    assert.equal(
      (await saying(['##vso[task.addattachment type=t;name=a/b]/etc/hostname'])).step('say').result,
      'failed',
    );
  });

  it('log details under ids of their own, whose parents must exist and stay', async () => {
    const [a, b] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    const ran = await saying([
      `##vso[task.logdetail id=${a};name=job;type=run;state=Initialized]`,
      `##vso[task.logdetail id=${b};name=child;type=run;parentid=${a};progress=10]`,
      `##vso[task.logdetail id=${b};state=Completed;result=Succeeded;progress=100]`,
    ]);
    assert.equal(ran.step('say').result, 'succeeded');
    assert.deepEqual(ran.step('say').details[1], {
      id: b,
      name: 'child',
      type: 'run',
      parentId: a,
      progress: 100,
      state: 'Completed',
      result: 'succeeded',
    });
    const orphan = await saying([`##vso[task.logdetail id=${b};name=n;type=t;parentid=${a}]`]);
    assert.equal(orphan.step('say').result, 'failed');
    const nameless = await saying([`##vso[task.logdetail id=${b}]`]);
    assert.equal(nameless.step('say').result, 'failed');
  });

  it('show debug lines only when the pipeline asks for them', async () => {
    const lines = ['##vso[task.debug]deep'];
    assert.equal((await saying(lines)).log('say'), '');
    const project = createProject();
    says(project, lines);
    const ran = await run(project, `variables:\n  system.debug: true\n${job(SAY)}`);
    assert.match(ran.log('say'), /##\[debug\]deep/);
  });

  it('change the run: number, tags and artifacts', async () => {
    const project = createProject();
    project.write('data/file.txt', 'x');
    says(project, [
      '##vso[build.updatebuildnumber]release-7',
      '##vso[build.addbuildtag]good',
      `##vso[artifact.upload artifactname=drop;containerfolder=drop]${project.repository}/data`,
      '##vso[artifact.associate artifactname=share;artifacttype=filepath]\\\\server\\share',
    ]);
    const ran = await run(project, job(`${SAY}\n- bash: echo "$(Build.BuildNumber)"\n  name: echo`));
    assert.equal(ran.record.name, 'release-7');
    assert.deepEqual(ran.record.tags, ['good']);
    assert.deepEqual(
      ran.record.artifacts.map((one) => one.name),
      ['drop', 'share'],
    );
    assert.match(ran.log('echo'), /^release-7$/m);
    assert.equal(readFileSync(path.join(ran.folder, 'artifacts/drop/file.txt'), 'utf8'), 'x');
  });

  it('prepend folders to the PATH of later steps, the newest first', async () => {
    const ran = await run(
      ((project) => (
        says(project, [
          '##vso[task.prependpath]/one',
          '##vso[task.prependpath]/two',
          '##vso[task.prependpath]/ONE',
        ]),
        project
      ))(createProject()),
      job(`${SAY}\n- bash: echo "$PATH"\n  name: echo`),
    );
    assert.match(ran.log('echo'), /^\/ONE:\/two:\//m);
  });
});
