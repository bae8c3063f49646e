import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cutLines } from '../../../../local/runner/agent/process/lines.ts';
import { createProject, fastClock, job, removeProjects, run, type Project } from '../execute/harness.ts';

after(removeProjects);

const STEP = '\n- task: Work@1\n  name: work';

/** Cancels once a file appears. */
function cancelWhen(file: string) {
  const cancel = new AbortController();
  const kill = new AbortController();
  const watch = async (): Promise<void> => {
    while (!existsSync(file)) await delay(20);
    cancel.abort();
  };
  void watch();
  return { cancel: cancel.signal, kill: kill.signal };
}

function working(script: string): Project {
  const project = createProject();
  project.task(
    'Work',
    `const fs = require('fs');\nconst started = () => fs.writeFileSync(${JSON.stringify(path.join(project.folder, 'started'))}, '');\n${script}`,
  );
  return project;
}

describe('output of a process', () => {
  it('is cut at LF, CR LF and CR, also where chunks part them, and keeps its letters whole', () => {
    const lines: string[] = [];
    const cutter = cutLines((line) => lines.push(line));
    const bytes = Buffer.from('one\r\ntwo\rthree\n\nfünf');
    for (const byte of bytes) cutter.write(Buffer.from([byte]));
    cutter.end();
    assert.deepEqual(lines, ['one', 'two', 'three', '', 'fünf']);
  });

  it('is waited for when a grandchild holds the pipe, but not for ever', async () => {
    const project = working(
      `require('child_process').spawn('sleep', ['60'], { stdio: ['ignore', 'inherit', 'inherit'] }).unref(); console.log('done'); process.exit(0);`,
    );
    const clock = fastClock(50);
    const ran = await run(project, job(STEP), { clock });
    assert.equal(ran.step('work').result, 'succeeded');
    assert.ok(clock.waits.includes(5000));
  });
});

describe('a step that is cancelled', () => {
  it('gets SIGINT, and is canceled even when it then ends well', async () => {
    const project = working(
      `process.on('SIGINT', () => { console.log('caught'); process.exit(0); }); setInterval(() => {}, 1000); started();`,
    );
    const ran = await run(project, job(STEP), {
      interrupts: cancelWhen(path.join(project.folder, 'started')),
    });
    assert.equal(ran.step('work').result, 'canceled');
    assert.equal(ran.log('work'), 'caught\n##[error]The step was canceled.');
    assert.deepEqual(ran.outcome, { state: 'completed', result: 'canceled', recordFolder: ran.folder });
  });

  it('gets SIGTERM 7.5 s later and is killed after 2.5 s more', async () => {
    const project = working(
      `for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => console.log(name)); setInterval(() => {}, 1000); started();`,
    );
    const clock = fastClock(10);
    const interrupts = cancelWhen(path.join(project.folder, 'started'));
    const ran = await run(project, job(STEP), { clock, interrupts });
    assert.equal(ran.step('work').result, 'canceled');
    assert.deepEqual(ran.log('work').split('\n'), ['SIGINT', 'SIGTERM', '##[error]The step was canceled.']);
    assert.deepEqual(
      clock.waits.filter((ms) => ms === 7500 || ms === 2500),
      [7500, 2500],
    );
  });

  it('does not pass the signal to its children, which are ended with the job', async () => {
    const project = working(`
      const child = require('child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
      fs.writeFileSync(${JSON.stringify('PIDFILE')}.replace('PIDFILE', __dirname + '/pid'), String(child.pid));
      process.on('SIGINT', () => { try { process.kill(child.pid, 0); console.log('child lives'); } catch {} process.exit(1); });
      setInterval(() => {}, 1000); started();`);
    const ran = await run(project, job(STEP), {
      interrupts: cancelWhen(path.join(project.folder, 'started')),
    });
    assert.equal(ran.log('work').split('\n')[0], 'child lives');
    const pid = Number(readFileSync(path.join(project.folder, 'tasks/Work/pid'), 'utf8'));
    await delay(100);
    // Gone, or a zombie that nobody has waited for yet.
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ') Z';
    assert.match(stat, /\) Z/);
  });

  it('goes on when its condition holds for a cancelled job, and later steps follow theirs', async () => {
    const project = working(`started(); setTimeout(() => console.log('to the end'), 1500);`);
    const steps = `${STEP}
  condition: always()
- bash: echo cleaning
  name: cleanup
  condition: canceled()
- bash: echo no
  name: never`;
    const ran = await run(project, job(steps), {
      interrupts: cancelWhen(path.join(project.folder, 'started')),
    });
    assert.equal(ran.log('work'), 'to the end');
    assert.deepEqual(ran.results(), {
      Checkout1: 'succeeded',
      work: 'succeeded',
      cleanup: 'succeeded',
      never: 'skipped',
    });
    assert.equal(ran.record.result, 'canceled');
  });
});

describe('time limits', () => {
  it('of a step fail it, and are not retried', async () => {
    const project = working(`setInterval(() => {}, 1000);`);
    const ran = await run(project, job(`${STEP}\n  timeoutInMinutes: 1\n  retryCountOnTaskFailure: 3`), {
      clock: fastClock(60),
    });
    assert.equal(ran.step('work').result, 'failed');
    assert.match(ran.step('work').issues.at(-1)?.message ?? '', /1 minutes/);
  });

  it('of a job cancel it and say so on the job', async () => {
    const project = working(`setInterval(() => {}, 1000);`);
    const yaml = job(STEP).replace('- job: main', '- job: main\n  timeoutInMinutes: 1');
    const ran = await run(project, yaml, { clock: fastClock(60) });
    assert.deepEqual([ran.step('work').result, ran.job('main').result], ['canceled', 'canceled']);
    assert.match(ran.job('main').issues[0]?.message ?? '', /limit of 1 minutes/);
  });

  it('for a cancelled job end what refuses to stop', async () => {
    const project = working(`started(); setInterval(() => {}, 1000);`);
    const yaml = job(`${STEP}\n  condition: always()`).replace(
      '- job: main',
      '- job: main\n  cancelTimeoutInMinutes: 1',
    );
    const interrupts = cancelWhen(path.join(project.folder, 'started'));
    const ran = await run(project, yaml, { clock: fastClock(60), interrupts });
    assert.equal(ran.job('main').result, 'canceled');
  });
});

describe('a step that is tried again', () => {
  const counting = (extra: string): Project =>
    working(`
      const file = __dirname + '/count'; const n = (fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0) + 1; fs.writeFileSync(file, String(n));
      console.log('try', n); ${extra}`);

  it('waits 1, 4, 9 seconds and keeps its place in the record', async () => {
    const clock = fastClock(50);
    const ran = await run(
      counting('process.exitCode = n < 4 ? 1 : 0;'),
      job(`${STEP}\n  retryCountOnTaskFailure: 5`),
      { clock },
    );
    assert.equal(ran.step('work').result, 'succeeded');
    assert.deepEqual(
      clock.waits.filter((ms) => [1000, 4000, 9000].includes(ms)),
      [1000, 4000, 9000],
    );
    assert.match(ran.log('work'), /try 1[^]*try 4/);
  });

  it('fails when the last attempt does, after at most ten more', async () => {
    const ran = await run(counting('process.exitCode = 1;'), job(`${STEP}\n  retryCountOnTaskFailure: 2`), {
      clock: fastClock(200),
    });
    assert.equal(ran.step('work').result, 'failed');
    assert.equal(ran.log('work').match(/^try/gm)?.length, 3);
  });

  it('stays failed when a logging command failed in an earlier attempt', async () => {
    const ran = await run(
      counting(`if (n === 1) console.log('##vso[task.nonsense]'); process.exitCode = n === 1 ? 1 : 0;`),
      job(`${STEP}\n  retryCountOnTaskFailure: 2`),
      { clock: fastClock(100) },
    );
    assert.equal(ran.step('work').result, 'failed');
    assert.match(ran.log('work'), /try 2/);
  });
});

describe('handlers', () => {
  it('run on the Node that was asked for, from the newest handler a task has', async () => {
    const project = createProject();
    const execution = {
      Node16: { target: 'old.js' },
      Node20_1: { target: 'old.js' },
      Node24: { target: 'index.js' },
      Later1: { target: 'x' },
    };
    project.task('Work', 'console.log(process.execPath)', { execution });
    const ran = await run(project, job(STEP));
    assert.equal(ran.log('work'), process.execPath);
  });

  it('without their file fail the step with a sentence', async () => {
    const project = createProject();
    project.task('Work', '', { execution: { Node20_1: { target: 'gone.js' } } });
    const ran = await run(project, job(STEP));
    assert.equal(ran.step('work').result, 'failed');
    assert.match(ran.step('work').issues[0]?.message ?? '', /'gone\.js'/);
  });
});
