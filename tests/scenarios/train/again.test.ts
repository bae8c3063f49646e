import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { isAlive } from '../../../local/workspace/address.ts';
import { startFaultGate } from '../../helpers/faultGate.ts';
import { JOB, startTrainKit, type TrainKit } from './kit.ts';

/** Writes its process id where the test finds it, then waits until the test lets it go on. */
function waiting(folder: string, name: string): string {
  return `import os, time
open(${JSON.stringify(`${folder}/${name}.pid`)}, "w").write(str(os.getpid()))
print("waiting")
while not os.path.exists(${JSON.stringify(`${folder}/${name}.go`)}): time.sleep(0.05)
print("went on")
`;
}

describe('TrainModel, interrupted and run again', () => {
  let kit: TrainKit;
  before(async () => {
    kit = await startTrainKit();
  });
  after(() => kit.stop());

  const project = (name: string): Promise<string> =>
    kit.project(name, waiting(kit.folder, name), JOB.replace('diabetes', name));

  it('cancels the job in the workspace when the pipeline is cancelled, and starts another attempt afterwards', async () => {
    const jobFile = await project('cancel');
    const cancel = new AbortController();
    const started = kit.run(
      { jobFile },
      { abortSignal: cancel.signal, onOutput: sawWaiting(() => cancel.abort()) },
    );
    const done = await started;
    assert.equal(done.result, 'Failed');
    assert.match(done.message, /pipeline was cancelled/);
    assert.match(done.log, /Cancelling job 'cancel-\w+-1' in the workspace was asked for/);
    const job = await kit.jobIn('Canceled', 'cancel');
    const pid = Number(await read(kit, 'cancel.pid'));
    assert.equal(isAlive(pid), false);

    await kit.write('cancel.go', '');
    const again = await kit.ok({ jobFile });
    assert.equal(again.outputs['jobName'], job.name.replace(/-1$/, '-2'));
  });

  it('leaves no job behind when it is cancelled while it submits, not even one it would not have waited for', async () => {
    const jobFile = await project('early');
    const gate = await startFaultGate(kit.workspace);
    const cancel = new AbortController();
    gate.decide = ({ method, path }) => {
      if (method === 'PUT' && path.includes('/jobs/')) cancel.abort();
      return undefined;
    };
    try {
      const done = await kit.run(
        { jobFile, waitForCompletion: 'false' },
        { connection: { url: gate.url }, abortSignal: cancel.signal },
      );
      assert.equal(done.result, 'Failed');
      assert.match(done.message, /^The pipeline was cancelled\.$/);
      await kit.jobIn('Canceled', 'early');
    } finally {
      await gate.stop();
    }
  });

  it('stops sending code when the pipeline is cancelled, submits nothing, and sends the rest when it is run again', async () => {
    const jobFile = await project('sending');
    for (let part = 1; part <= 3; part += 1) {
      const file = await kit.write(`sending/src/part-${part}.bin`, `${part}`);
      await truncate(file, 40 * 1024 ** 2);
    }
    const cancel = new AbortController();
    let output = '';
    const done = await kit.run(
      { jobFile },
      {
        abortSignal: cancel.signal,
        onOutput(text) {
          output += text;
          if (/Sending .*: \d+ %/.test(output)) cancel.abort();
        },
      },
    );
    assert.equal(done.result, 'Failed');
    assert.match(done.message, /^The pipeline was cancelled\.$/);
    assert.doesNotMatch(done.log, /^Sent .*src/m);
    assert.deepEqual(
      (await kit.jobNames()).filter((name) => name.startsWith('sending')),
      [],
    );
    await kit.write('sending.go', '');
    const again = await kit.ok({ jobFile });
    assert.match(again.log, /^Sent .*src \(5 files, 120\.0 MB\)/m);
  });

  it('finds its own job again after the agent was lost, and reports it once more when it is run again', async () => {
    const jobFile = await project('lost');
    const kill = new AbortController();
    const lost = await kit.run(
      { jobFile },
      { killSignal: kill.signal, onOutput: sawWaiting(() => kill.abort()) },
    );
    assert.equal(lost.result, undefined);
    const { name } = await kit.jobIn('Running', 'lost');

    await kit.write('lost.go', '');
    const retried = await kit.ok({ jobFile });
    assert.equal(retried.outputs['jobName'], name);
    assert.match(retried.log, /Attached to job/);
    assert.match(retried.log, /^waiting\nwent on$/m);

    const again = await kit.ok({ jobFile });
    assert.equal(again.outputs['jobName'], name);
    assert.deepEqual(again.attachments, retried.attachments);
    const other = await kit.ok({ jobFile, set: 'environment_variables.SEED=2' });
    assert.notEqual(other.outputs['jobName'], name);
  });

  it('starts the next attempt after a failure, and tells the failure with its reason', async () => {
    const jobFile = await kit.project(
      'fails',
      'import sys\nprint("no such column")\nsys.exit(3)\n',
      JOB.replace('diabetes', 'fails'),
    );
    const first = await kit.run({ jobFile });
    assert.equal(first.result, 'Failed');
    assert.equal(first.outputs['jobStatus'], 'Failed');
    assert.match(
      first.message,
      /Job 'fails-\w+-1' ended as Failed\.\nThe service said .*\nNext: Read its log above or in the studio/,
    );
    assert.match(first.log, /no such column/);
    const second = await kit.run({ jobFile });
    assert.equal(second.outputs['jobName'], first.outputs['jobName']?.replace(/-1$/, '-2'));
  });

  it('takes the name it is given, attaches to the same specification and refuses another', async () => {
    const jobFile = await kit.project('named', 'print("named")\n', JOB.replace('diabetes', 'named'));
    const first = await kit.ok({ jobFile, jobName: 'my-job' });
    assert.equal(first.outputs['jobName'], 'my-job');
    assert.match((await kit.ok({ jobFile, jobName: 'my-job', tags: 'try=2' })).log, /Attached to job my-job/);
    const other = await kit.run({ jobFile, jobName: 'my-job', set: 'command=echo other' });
    assert.equal(other.result, 'Failed');
    assert.match(
      other.message,
      /input 'jobName': The workspace already has a job 'my-job' with another specification/,
    );
  });

  it('cancels a job that takes longer than allowed', async () => {
    const done = await kit.run({ jobFile: await project('slow'), timeoutInMinutes: '0.03' });
    assert.equal(done.result, 'Failed');
    assert.match(done.message, /Job 'slow-\w+-1' took longer than/);
    await kit.jobIn('Canceled', 'slow');
  });

  it('says that somebody else cancelled the job', async () => {
    const jobFile = await project('studio');
    const running = kit.run({ jobFile });
    const { name } = await kit.jobIn('Running', 'studio');
    await kit.workspace.send('POST', `${kit.workspace.id}/jobs/${name}/cancel?api-version=2024-10-01`);
    const done = await running;
    assert.match(done.message, /was cancelled in the workspace, not by this pipeline/);
    assert.equal(done.outputs['jobStatus'], 'Canceled');
  });
});

/** Acts once the job has said that it waits. */
function sawWaiting(act: () => void): (text: string) => void {
  let output = '';
  return (text) => {
    output += text;
    if (/^waiting$/m.test(output)) act();
  };
}

async function read(kit: TrainKit, name: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(`${kit.folder}/${name}`, 'utf8');
}
