import assert from 'node:assert/strict';
import { startFaultGate, type Fault, type FaultGate, type Seen } from '../../helpers/faultGate.ts';
import type { TestWorkspace } from '../../helpers/workspace.ts';
import { openTags, startDeployKit, type DeployKit } from './kit.ts';

const WRONG_ANSWER = 'def init():\n    pass\n\ndef run(data):\n    return {}\n';

/** The n-th write to the endpoint or its deployments. */
function onWrite(n: number, then: () => Fault | undefined): (request: Seen) => Fault | undefined {
  let count = 0;
  return ({ method, path }) => {
    if (!['PUT', 'DELETE'].includes(method) || !path.includes('/onlineEndpoints/')) return undefined;
    count += 1;
    return count === n ? then() : undefined;
  };
}

describe('A deploy that is interrupted', function () {
  this.timeout(300_000);
  let kit: DeployKit;
  let gate: FaultGate;
  let throughGate: TestWorkspace;
  before(async () => {
    kit = await startDeployKit();
    gate = await startFaultGate(kit.workspace);
    throughGate = { ...kit.workspace, address: { ...kit.workspace.address, apiUrl: gate.url } };
    await kit.write('wrong/score.py', WRONG_ANSWER);
    await kit.ok({});
  });
  after(async () => {
    await gate.stop();
    await kit.stop();
  });
  afterEach(() => {
    gate.decide = () => undefined;
  });

  /** Runs a deploy whose process is killed at its n-th write, before the write arrives or after. */
  async function killedAt(
    n: number,
    moment: 'before' | 'after',
    inputs: Record<string, string>,
  ): Promise<void> {
    const kill = new AbortController();
    gate.decide = onWrite(n, () => {
      kill.abort();
      return moment === 'before' ? { kind: 'drop' } : undefined;
    });
    const run = await kit.run(inputs, { workspace: throughGate, killSignal: kill.signal });
    assert.equal(run.exitCode, null, run.log);
    assert.equal(run.result, undefined);
    gate.decide = () => undefined;
  }

  const writes = [
    { n: 1, moment: 'after', when: 'the rollout was noted' },
    { n: 2, moment: 'after', when: 'the deployment was being made' },
    { n: 3, moment: 'before', when: 'the deployment stood ready' },
    { n: 3, moment: 'after', when: 'the traffic was moved' },
  ] as const;
  for (const [index, { n, moment, when }] of writes.entries())
    it(`by a kill when ${when} ends as if nothing had happened when it is run again`, async () => {
      const [from, to] = index % 2 === 0 ? ['blue', 'green'] : ['green', 'blue'];
      const model = index % 2 === 0 ? 'echo:2' : 'echo:1';
      const inputs = { model, keepPrevious: '0' };
      await killedAt(n, moment, inputs);
      const run = await kit.ok(inputs, { workspace: throughGate });
      assert.equal(run.outputs['deploymentName'], to);
      const now = await kit.endpoint('prod');
      assert.deepEqual(now?.traffic, { [to]: 100 });
      assert.deepEqual(now.deployments, { [to]: `${model} Succeeded` });
      assert.deepEqual(openTags(now), []);
      assert.equal(from in now.deployments, false);
    });

  it('by a kill while it was being undone is undone by the next run', async () => {
    const before = await kit.endpoint('prod');
    const bad = { model: 'echo:2', set: 'code_configuration.code=wrong' };
    await killedAt(3, 'before', bad);
    assert.notDeepEqual(openTags((await kit.endpoint('prod'))!), []);
    const run = await kit.run(bad, { workspace: throughGate });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /smoke test/);
    assert.deepEqual(await kit.endpoint('prod'), before);
  });

  it('by a cancelled pipeline puts the traffic back within the agent’s ten seconds', async () => {
    const before = await kit.endpoint('prod');
    const cancel = new AbortController();
    gate.decide = onWrite(3, () => {
      setTimeout(() => cancel.abort(), 1500);
      return undefined;
    });
    // The agent interrupts, and kills what still runs ten seconds later.
    const kill = new AbortController();
    cancel.signal.addEventListener('abort', () => setTimeout(() => kill.abort(), 10_000).unref());
    const run = await kit.run(
      { model: 'echo:2', strategy: 'canary', steps: '50,100', bakeTimeInMinutes: '5' },
      { workspace: throughGate, abortSignal: cancel.signal, killSignal: kill.signal },
    );
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /cancelled/);
    assert.match(run.log, /Moving traffic/);
    assert.deepEqual(await kit.endpoint('prod'), before);
  });

  it('by a busy service is patient: 409, 429 and 503 are answered by trying again', async () => {
    const answers: Fault[] = [
      {
        kind: 'answer',
        status: 409,
        body: { error: { code: 'Conflict', message: 'There is already an operation.' } },
      },
      { kind: 'answer', status: 429, headers: { 'retry-after': '1' } },
      { kind: 'answer', status: 503, headers: { 'retry-after': '1' } },
      {
        kind: 'answer',
        status: 412,
        body: { error: { code: 'PreconditionFailed', message: 'changed meanwhile' } },
      },
      { kind: 'drop' },
    ];
    gate.decide = ({ method, path }) =>
      method === 'PUT' && path.includes('/onlineEndpoints/') ? answers.shift() : undefined;
    const run = await kit.ok({ model: 'echo:2' }, { workspace: throughGate });
    assert.deepEqual(answers, []);
    assert.match(run.log, /another operation is running \(409\)/);
    assert.deepEqual((await kit.endpoint('prod'))?.traffic, JSON.parse(run.outputs['traffic'] ?? ''));
  });

  it('by a deployment that failed at its very first making has it deleted and made again', async () => {
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', {
      body: { crashLimit: 1, restartBackoffInMs: 50 },
    });
    const idle =
      Object.entries((await kit.endpoint('prod'))?.traffic ?? {})[0]?.[0] === 'blue' ? 'green' : 'blue';
    await kit.ok({ action: 'delete', endpointName: 'prod', deploymentName: idle });
    const script = 'raise ImportError("no")\n';
    const made = await kit.online.deployment('prod', idle, { script });
    assert.equal(made.operation.status, 'Failed');
    const run = await kit.ok({ model: 'echo:3', deploymentName: idle });
    assert.match(run.log, new RegExp(`Deployment ${idle}: recreate`));
    assert.deepEqual((await kit.endpoint('prod'))?.traffic, { [idle]: 100 });
  });
});
