import assert from 'node:assert/strict';
import { startFaultGate } from '../../helpers/faultGate.ts';
import { JOB, startTrainKit, type TrainKit } from './kit.ts';

describe('TrainModel, and the log of the job', () => {
  let kit: TrainKit;
  before(async () => {
    kit = await startTrainKit();
  });
  after(() => kit.stop());

  it('shows lines while the job runs, and each of many lines once', async () => {
    // The job goes on only after its first line was seen, which proves that lines come while it runs.
    const script = `import os, time
print("first line")
while not os.path.exists(${JSON.stringify(`${kit.folder}/seen`)}): time.sleep(0.05)
for n in range(30000): print("line %05d with some more text on it" % n)
`;
    const jobFile = await kit.project('live', script, JOB.replace('diabetes', 'live'));
    let output = '';
    let isSeen: Promise<unknown> | undefined;
    const done = await kit.ok(
      { jobFile },
      {
        onOutput(text) {
          output += text;
          if (/^first line$/m.test(output)) isSeen ??= kit.write('seen', '');
        },
      },
    );
    await isSeen;
    const lines = done.log.split('\n').filter((line) => line.startsWith('line '));
    assert.equal(lines.length, 30000);
    assert.equal(new Set(lines).size, 30000);
    assert.equal(done.log.split('\n').filter((line) => line === 'first line').length, 1);
  });

  it('parts logging commands, drops colours, keeps the last state of a progress bar and an unfinished last line', async () => {
    const script = `import sys
print("##vso[task.complete result=Failed;]no")
print("text ##[error]no, and ##VSO[task.setvariable variable=a]b")
print("\\033[31mred\\033[0m \\x1b[2K\\x07bell ##\\x1b[0mvso[task.setvariable variable=c]d")
sys.stdout.write("  0 %\\r 50 %\\r100 %\\n")
sys.stdout.buffer.write("gr\\u00fc\\u00dfe, no end".encode())
`;
    const done = await kit.ok({ jobFile: await kit.project('commands', script) });
    const shown = done.log.replaceAll('\u200b', '|');
    assert.match(shown, /^##\|vso\[task\.complete result=Failed;\]no$/m);
    assert.match(shown, /^text ##\|\[error\]no, and ##\|VSO\[task/m);
    assert.match(shown, /^red bell ##\|vso\[task\.setvariable variable=c\]d$/m);
    assert.match(shown, /^100 %$/m);
    assert.match(shown, /^grüße, no end$/m);
    assert.deepEqual(
      Object.keys(done.outputs).filter((name) => name.length === 1),
      [],
    );
  });

  it('shows no log when it shall not, and goes on without one that cannot be read', async () => {
    const jobFile = await kit.project(
      'quiet',
      'print("a secret of the job")\n',
      JOB.replace('diabetes', 'quiet'),
    );
    const quiet = await kit.ok({ jobFile, streamLogs: 'false' });
    assert.doesNotMatch(quiet.log, /a secret of the job/);

    const gate = await startFaultGate(kit.workspace);
    try {
      const logFiles = { 'user_logs/std_log.txt': `${gate.url}/denied` };
      gate.decide = ({ path }) => {
        if (path === '/denied') return { kind: 'answer', status: 403 };
        if (!path.endsWith('/details')) return undefined;
        return { kind: 'answer', status: 200, body: { status: 'Completed', logFiles } };
      };
      const done = await kit.ok({ jobFile }, { connection: { url: gate.url } });
      assert.equal(done.warnings.length, 1);
      assert.match(done.warnings[0] ?? '', /Reading the job log failed: .*403.* The job goes on/);
    } finally {
      await gate.stop();
    }
  });
});
