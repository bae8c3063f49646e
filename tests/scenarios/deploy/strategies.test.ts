import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTags, startDeployKit, type DeployKit } from './kit.ts';

/** Answers slowly or not at all when its variable says so. */
const MOODY = `
import json, os, time

def init():
    pass

def run(raw_data):
    if os.environ.get("MOOD") == "bad":
        raise ValueError("not today")
    return {"data": json.loads(raw_data), "model": "a model"}
`;

describe('A rollout in steps', function () {
  this.timeout(300_000);
  let kit: DeployKit;
  before(async () => {
    kit = await startDeployKit();
    await kit.write('moody/score.py', MOODY);
    await kit.ok({ set: 'code_configuration.code=moody' });
  });
  after(() => kit.stop());

  /** Calls the endpoint until told to stop, as its users do. */
  function callers(): { stop(): Promise<void> } {
    let isOn = true;
    const calling = (async () => {
      while (isOn) {
        await kit.online.score('prod', { n: 1 });
        await sleep(50);
      }
    })();
    return {
      stop: async () => {
        isOn = false;
        await calling;
      },
    };
  }

  const bad = 'code_configuration.code=moody\nenvironment_variables.MOOD=bad';
  const good = 'code_configuration.code=moody';

  it('is undone at the first step whose limits are broken, and says by how much', async () => {
    const before = await kit.endpoint('prod');
    const users = callers();
    const run = await kit.run({
      model: 'echo:2',
      set: bad,
      smokeTestFile: '',
      strategy: 'canary',
      steps: '20,100',
      bakeTimeInMinutes: '0.06',
      maxErrorRatePercent: '5',
    });
    await users.stop();
    assert.equal(run.result, 'Failed', run.log);
    assert.match(
      run.message,
      /did not hold its limits: .* % of \d+ requests? failed, more than the limit of 5 %/,
    );
    assert.match(run.message, /Traffic is as it was: blue 100 %\./);
    assert.match(run.log, /not today/);
    assert.deepEqual(await kit.endpoint('prod'), before);
  });

  it('ends at 100 % when the limits hold at every step', async () => {
    const users = callers();
    const run = await kit.ok({
      model: 'echo:2',
      set: good,
      strategy: 'canary',
      steps: '20,60,100',
      bakeTimeInMinutes: '0.05',
      maxErrorRatePercent: '5',
      maxLatencyInMs: '30000',
      minimumRequests: '1',
    });
    await users.stop();
    assert.match(run.log, /Moving traffic: blue 80 %, green 20 %/);
    assert.match(run.log, /Moving traffic: green 60 %, blue 40 %/);
    assert.match(run.log, /\d+ requests?, 0 % failed, latency P95 [\d.]+ ms, within the limits\./);
    assert.deepEqual((await kit.endpoint('prod'))?.traffic, { green: 100 });
  });

  it('fails when too few requests came in to learn anything', async () => {
    const before = await kit.endpoint('prod');
    const run = await kit.run({
      model: 'echo:3',
      set: good,
      strategy: 'canary',
      steps: '20,100',
      bakeTimeInMinutes: '0.02',
      minimumRequests: '10',
    });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /Only 0 requests came in, fewer than the 10 asked for/);
    assert.deepEqual(await kit.endpoint('prod'), before);
  });

  it('is held open below 100 %, is in the way of others, and is promoted', async () => {
    const held = { model: 'echo:3', set: good, strategy: 'canary', steps: '30' };
    const run = await kit.ok(held);
    assert.match(run.message, /is held at green 70 %, blue 30 %/);
    assert.equal(run.outputs['previousDeployment'], 'green');
    const again = await kit.ok(held);
    assert.deepEqual(again.outputs, run.outputs);
    const other = await kit.run({ model: 'echo:1', set: good });
    assert.match(other.message, /is held open on endpoint 'prod'/);
    const promoted = await kit.ok({ action: 'promote', endpointName: 'prod' });
    assert.equal(promoted.outputs['traffic'], '{"blue":100}');
    const twice = await kit.ok({ action: 'promote', endpointName: 'prod' });
    assert.equal(twice.outputs['traffic'], '{"blue":100}');
    const now = await kit.endpoint('prod');
    assert.deepEqual(openTags(now!), []);
    assert.deepEqual(now?.deployments, { blue: 'echo:3 Succeeded', green: 'echo:2 Succeeded' });
    const back = await kit.ok({ action: 'rollback', endpointName: 'prod' });
    assert.equal(back.outputs['traffic'], '{"green":100}');
  });

  it('as a shadow only copies requests, until it is promoted or rolled back', async () => {
    const shadow = { model: 'echo:1', set: good, strategy: 'shadow', steps: '40' };
    const run = await kit.ok(shadow);
    assert.equal(run.outputs['traffic'], '{"green":100}');
    const now = await kit.endpoint('prod');
    assert.deepEqual([now?.traffic, now?.mirror], [{ green: 100 }, { blue: 40 }]);
    await kit.ok({ action: 'rollback', endpointName: 'prod' });
    const after = await kit.endpoint('prod');
    assert.deepEqual([after?.traffic, after?.mirror], [{ green: 100 }, {}]);
    assert.deepEqual(after?.deployments, { blue: 'echo:3 Succeeded', green: 'echo:2 Succeeded' });
    await kit.ok(shadow);
    const promoted = await kit.ok({ action: 'promote', endpointName: 'prod' });
    assert.equal(promoted.outputs['traffic'], '{"blue":100}');
    assert.deepEqual((await kit.endpoint('prod'))?.mirror, {});
  });

  it('keeps as many earlier deployments as asked for', async () => {
    const run = await kit.ok({ model: 'echo:2', deploymentName: 'red', set: good, keepPrevious: '0' });
    assert.equal(run.outputs['traffic'], '{"red":100}');
    assert.deepEqual((await kit.endpoint('prod'))?.deployments, { red: 'echo:2 Succeeded' });
    const back = await kit.run({ action: 'rollback', endpointName: 'prod' });
    assert.match(back.message, /no longer exists/);
  });
});
