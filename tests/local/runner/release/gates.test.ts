import assert from 'node:assert/strict';
import type { ServerTasks } from '../../../../local/runner/index.ts';
import { createProject, removeProjects, type Project } from '../execute/harness.ts';
import { assertValidRecord } from '../record/schema.ts';
import {
  afterStage,
  approvedBy,
  bash,
  definition,
  delay,
  gates,
  serverPhase,
  stage,
  task,
} from './definitions.ts';
import { release } from './harness.ts';

after(removeProjects);

const GATE = '5b1f0a94-3e0c-4e5f-9f57-0c3fb3a0a001';

/** A project with a task that runs without an agent. */
function withGate(): Project {
  const project = createProject();
  const execution = { HttpRequest: { Execute: { EndpointUrl: 'https://x/', Method: 'GET' } } };
  project.task('TestGate', '', { id: GATE, runsOn: ['Server', 'ServerGate'], execution });
  return project;
}

const gate = (name: string, inputs = {}) => task(GATE, name, inputs);

/** Gates that answer by their name and the number of the sample. */
function answering(isGreen: (name: string, sample: number) => boolean): ServerTasks {
  const asked = new Map<string, number>();
  return {
    run({ step, outputs }) {
      const name = step.displayName?.text ?? '';
      const sample = (asked.get(name) ?? 0) + 1;
      asked.set(name, sample);
      outputs.set('sample', String(sample));
      const result = isGreen(name, sample) ? 'Succeeded' : 'Failed';
      return Promise.resolve({ result, message: `sample ${sample}` });
    },
  };
}

const MINUTE = 60_000;

function minutesBetween(from = '', to = ''): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / MINUTE);
}

describe('the gates of a stage', () => {
  it('open when all of them are green in one sample, whatever each was before', async () => {
    const serverTasks = answering((name, sample) => (name === 'A' ? sample % 2 === 0 : sample >= 3));
    const done = await release(
      withGate(),
      definition([stage('S', [bash('echo in')], { preDeploymentGates: gates([gate('A'), gate('B')]) })]),
      { serverTasks },
    );
    const [record] = done.stage('S').gates ?? [];
    assert.deepEqual(
      record?.samples.map(({ results }) => results.map((one) => one.result)),
      [
        ['failed', 'failed'],
        ['succeeded', 'failed'],
        ['failed', 'succeeded'],
        ['succeeded', 'succeeded'],
      ],
    );
    assert.equal(record.status, 'succeeded');
    assert.equal(minutesBetween(record.startedOn, record.stabilizationCompletedOn), 5);
    assert.equal(minutesBetween(record.samples[0]?.time, record.samples[3]?.time), 45);
    assert.match(done.log('S'), /red: sample 1[^]*green: sample 2[^]*in/);
    assertValidRecord(done.record);
  });

  it('must stay green as long as the stage asks for; a red sample starts that time again', async () => {
    const serverTasks = answering((_, sample) => sample !== 2);
    const options = { minimumSuccessDuration: 60, samplingInterval: 30, stabilizationTime: 0 };
    const done = await release(
      withGate(),
      definition([stage('S', [bash('echo in')], { preDeploymentGates: gates([gate('A')], options) })]),
      { serverTasks },
    );
    const [record] = done.stage('S').gates ?? [];
    assert.deepEqual(done.stages(), { S: 'succeeded' });
    assert.equal(record?.samples.length, 5);
  });

  it('fail the stage when their time is up, in words that name the gate and what it saw', async () => {
    const serverTasks = answering((name) => name === 'A');
    const options = { timeout: 60, samplingInterval: 15, stabilizationTime: 0 };
    const checks = { preDeploymentGates: gates([gate('A'), gate('B')], options) };
    const done = await release(withGate(), definition([stage('S', [bash('echo in')], checks)]), {
      serverTasks,
    });
    assert.deepEqual(done.stages(), { S: 'failed' });
    const [record] = done.stage('S').gates ?? [];
    assert.deepEqual([record?.status, record?.samples.length], ['failed', 5]);
    assert.match(done.stage('S').issues[0]?.message ?? '', /'B' was last failed: sample 5/);
    assert.doesNotMatch(done.log('S'), /^in$/m);
  });

  it('come before or after approvals, or leave the word to them, as the stage has it', async () => {
    const serverTasks = answering(() => false);
    const options = { timeout: 15, stabilizationTime: 0 };
    const red = (executionOrder: string) =>
      stage(executionOrder, [bash('echo in')], {
        preDeploymentGates: gates([gate('A')], options),
        preDeployApprovals: approvedBy(['Grace'], { executionOrder }),
      });
    const names = ['beforeGates', 'afterSuccessfulGates', 'afterGatesAlways'];
    const done = await release(withGate(), definition(names.map(red)), {
      serverTasks,
      answers: { approve: 'all', reject: [] },
    });
    assert.deepEqual(done.stages(), {
      beforeGates: 'failed',
      afterSuccessfulGates: 'failed',
      afterGatesAlways: 'succeeded',
    });
    assert.deepEqual(
      names.map((name) => done.stage(name).approvals.map((one) => one.status)),
      [['approved'], [], ['approved']],
    );
  });

  it('after a deployment hold back the stages behind it', async () => {
    const serverTasks = answering((_, sample) => sample > 2);
    const checks = { postDeploymentGates: gates([gate('A')]) };
    const done = await release(
      withGate(),
      definition([
        stage('S', [bash('echo in')], checks),
        stage('T', [bash('echo next')], { conditions: [afterStage('S')] }),
      ]),
      { serverTasks },
    );
    assert.deepEqual(done.stages(), { S: 'succeeded', T: 'succeeded' });
    const [first, second] = [done.stage('S'), done.stage('T')];
    assert.ok((second.startTime ?? '') >= (first.finishTime ?? ''));
    assert.ok(minutesBetween(first.startTime, first.finishTime) >= 35);
  });

  it('sampled for three days take no time to speak of', async () => {
    const serverTasks = answering((_, sample) => sample > 288);
    const done = await release(
      withGate(),
      definition([stage('S', [bash('echo in')], { preDeploymentGates: gates([gate('A')]) })]),
      { serverTasks },
    );
    const [record] = done.stage('S').gates ?? [];
    assert.equal(minutesBetween(record?.samples[0]?.time, record?.samples.at(-1)?.time), 3 * 24 * 60);
  });
});

describe('a job without an agent', () => {
  it('runs its tasks one after the other, with outputs for those that follow, and waits in virtual time', async () => {
    const seen: string[] = [];
    const serverTasks: ServerTasks = {
      run({ step, variables, outputs }) {
        seen.push(`${step.displayName?.text} ${variables.get('first.answer') ?? '-'}`);
        outputs.set('answer', '42');
        return Promise.resolve({ result: 'Succeeded' });
      },
    };
    const tasks = [
      task(GATE, 'First', {}, { refName: 'first' }),
      delay('1440'),
      task(GATE, 'Second', {}, { condition: "eq(variables['first.answer'], '42')" }),
      task(GATE, 'Third', {}, { condition: 'failed()' }),
    ];
    const done = await release(
      withGate(),
      definition([stage('S', [], { deployPhases: [serverPhase(tasks)] })]),
      { serverTasks },
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' });
    assert.deepEqual(seen, ['First -', 'Second 42']);
    const { startTime, finishTime } = done.stage('S');
    assert.equal(minutesBetween(startTime, finishTime), 1440);
    assertValidRecord(done.record);
  });

  it('fails when it takes longer than its limit', async () => {
    const limit = { timeoutInMinutes: 30 };
    const done = await release(
      withGate(),
      definition([stage('S', [], { deployPhases: [serverPhase([delay('60')], limit)] })]),
    );
    assert.deepEqual(done.stages(), { S: 'failed' });
    assert.match(done.stage('S').jobs[0]?.issues[0]?.message ?? '', /longer than its limit of 30 minutes/);
  });

  it('tries a failed task again as often as it asks for', async () => {
    const serverTasks = answering((_, sample) => sample === 3);
    const tasks = [task(GATE, 'First', {}, { retryCountOnTaskFailure: 2 })];
    const done = await release(
      withGate(),
      definition([stage('S', [], { deployPhases: [serverPhase(tasks)] })]),
      { serverTasks },
    );
    assert.deepEqual(done.stages(), { S: 'succeeded' });
  });
});
