import assert from 'node:assert/strict';
import { openTags, startDeployKit, type DeployKit } from './kit.ts';

const BROKEN_INIT = `
def init():
    print("opening the treasure chest")
    raise RuntimeError("the key does not fit")

def run(data):
    return data
`;

const WRONG_ANSWER = `
def init():
    pass

def run(data):
    return {"model": "another model", "data": {"n": 2}}
`;

describe('A deploy that goes wrong', function () {
  this.timeout(300_000);
  let kit: DeployKit;
  before(async () => {
    kit = await startDeployKit();
    await kit.online.arm('GET', '/onlineEndpoints');
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', {
      body: { crashLimit: 1, restartBackoffInMs: 50, takenNames: ['elsewhere'] },
    });
    await kit.ok({});
    await kit.write('broken/score.py', BROKEN_INIT);
    await kit.write('wrong/score.py', WRONG_ANSWER);
  });
  after(() => kit.stop());

  /** Nothing is left of a rollout that failed. */
  async function nothingChanged(before: Awaited<ReturnType<DeployKit['endpoint']>>): Promise<void> {
    const now = await kit.endpoint('prod');
    assert.deepEqual(now, before);
    assert.deepEqual(openTags(now!), []);
  }

  it('because the container never gets healthy tells why, shows its log, and leaves nothing', async () => {
    const before = await kit.endpoint('prod');
    const run = await kit.run({ model: 'echo:2', set: 'code_configuration.code=broken' });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /Deployment 'green' did not become healthy\. .*the key does not fit/);
    assert.match(run.message, /Traffic is as it was: blue 100 %\./);
    assert.match(run.log, /##\[group\]Log of deployment 'green'/);
    assert.match(run.log, /opening the treasure chest/);
    await nothingChanged(before);
  });

  it('because the smoke test is answered wrongly tells what was expected and found, and leaves nothing', async () => {
    const before = await kit.endpoint('prod');
    const run = await kit.run({ model: 'echo:2', set: 'code_configuration.code=wrong' });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /failed 1 of 1 smoke test requests\. echo: Expected 1 at \$\.data\.n, found 2/);
    assert.match(run.message, /Expected "a model" at \$\.model, found "another model"/);
    await nothingChanged(before);
  });

  it('on a new endpoint takes the endpoint away again', async () => {
    const run = await kit.run({ endpointName: 'fresh', set: 'code_configuration.code=wrong' });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /The endpoint that was created for it is deleted again\./);
    assert.equal(await kit.endpoint('fresh'), undefined);
  });

  it('in place gives the serving deployment its old form back', async () => {
    const before = await kit.endpoint('prod');
    const set = 'code_configuration.code=wrong';
    const run = await kit.run({ model: 'echo:2', strategy: 'all-at-once', set });
    assert.equal(run.result, 'Failed');
    await nothingChanged(before);
    const answer = await kit.online.score('prod', { n: 3 });
    assert.equal(answer.json.data.n, 3);
  });

  it('because the name is taken in the region says so', async () => {
    const run = await kit.run({ endpointName: 'elsewhere' });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /name is taken in the region/);
    assert.match([run.message, ...run.errors].join('\n'), /Choose another name/);
    assert.equal(await kit.endpoint('elsewhere'), undefined);
  });

  it('because there are no cores left names quota, and leaves nothing', async () => {
    const before = await kit.endpoint('prod');
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', { body: { coreLimit: 3 } });
    const run = await kit.run({ model: 'echo:2' });
    await kit.workspace.send('PUT', '/admin/onlineEndpoints/settings', { body: {} });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /Not enough quota available/);
    await nothingChanged(before);
  });

  it('because the model does not exist changes nothing', async () => {
    const before = await kit.endpoint('prod');
    const run = await kit.run({ model: 'echo:99' });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /no model 'echo:99'/);
    await nothingChanged(before);
  });

  it('of the inputs is told all at once, with the names of the inputs', async () => {
    const run = await kit.run({
      endpointName: 'no_name',
      strategy: 'canari',
      steps: '10,5',
      maxErrorRatePercent: '5',
      requireEvidence: 'exact',
      planHash: 'abc',
      instanceCount: 'many',
    });
    assert.equal(run.result, 'Failed');
    const told = [run.message, ...run.errors].join('\n');
    for (const input of [
      'endpointName',
      'strategy',
      'maxErrorRatePercent',
      'evidenceHash',
      'planHash',
      'instanceCount',
    ])
      assert.match(told, new RegExp(`input '${input}'`), input);
  });

  it('of the smoke test file is told with file, line and column before anything is sent', async () => {
    const file = await kit.write('bad-smoke.yml', 'requests:\n  - bodi: 1\n');
    const run = await kit.run({ smokeTestFile: file });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /bad-smoke\.yml:2:5: 'bodi' is not known in 'requests'\./);
    assert.match(run.errors.join('\n'), /Did you mean 'body'\?/);
  });
});
