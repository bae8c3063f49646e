import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { latest, readRecord, verifyChain } from '../../../shared/evidence/index.ts';
import { startEvaluateKit, type EvaluateKit } from './kit.ts';

const POLICY = `
name: regression
metrics:
  rmse: {direction: lower, max: 70, change: {tolerance: 1%}}
  r2: {direction: higher, change: {tolerance: 0.01}}
  mae: {direction: lower, blocking: false}
dataInputs: [data]
rowsMetric: rows
`;

describe('EvaluateModel', () => {
  let kit: EvaluateKit;
  before(async () => {
    kit = await startEvaluateKit();
    await kit.train('good', { metrics: { rmse: 55, r2: 0.5, mae: 40, rows: 89 } });
    await kit.train('better', { metrics: { rmse: 50, r2: 0.55, mae: 41, rows: 89 } });
    await kit.train('worse', { metrics: { rmse: 65, r2: 0.3, mae: 60, rows: 89 } });
    await kit.register('1', 'good', { champion: 'true' });
  });
  after(() => kit.workspace.stop());

  it('lets the first candidate pass when no model is in use, and writes the trained link', async () => {
    const run = await kit.evaluate({
      candidate: 'good',
      champion: 'endpoint',
      endpointName: 'production',
      policy: POLICY,
    });
    assert.equal(run.result, 'Succeeded', [run.message, ...run.errors].join('\n'));
    assert.deepEqual([run.outputs['verdict'], run.outputs['passed']], ['no-champion', 'true']);
    assert.deepEqual([run.outputs['championModel'] ?? '', run.outputs['championVersion'] ?? ''], ['', '']);
    assert.match(run.warnings.join(), /endpoint 'production' does not exist yet/);
    const hash = run.outputs['evidenceHash'] ?? '';
    const { record } = await readRecord(run.attachments[`azureml-evidence/${hash}.json`] ?? '', hash);
    const trained = latest(record, 'trained')?.content;
    assert.deepEqual(
      [trained?.jobName, trained?.status, trained?.metrics['rmse']],
      ['good', 'Completed', 55],
    );
    assert.deepEqual(trained?.parameters['alpha'], '0.5');
    assert.deepEqual(
      trained?.data.map(({ name }) => name),
      ['data'],
    );
  });

  it('says better, with the numbers, and lets the job point to the evidence in storage', async () => {
    const run = await kit.evaluate({
      candidate: 'better',
      champion: 'tag',
      championTag: 'champion=true',
      modelName: 'm',
      policy: POLICY,
    });
    assert.equal(run.result, 'Succeeded', [run.message, ...run.errors].join('\n'));
    assert.deepEqual(
      ['verdict', 'passed', 'championModel', 'championVersion'].map((name) => run.outputs[name]),
      ['better', 'true', 'm', '1'],
    );
    const summary = run.attachments['summary/model-evaluation.md'] ?? '';
    assert.match(summary, /^\*\*Verdict: better, passed\.\*\* Better than the champion on rmse, r2/);
    assert.match(summary, /\| rmse \| 50 \| 55 \| -5 \\\(-9\.09 %\\\) \|/);
    assert.match(
      summary,
      /Both were measured on the same data\. Rows: 89 for the candidate, 89 for the champion\./,
    );
    const hash = run.outputs['evidenceHash'] ?? '';
    const job = await kit.client.jobs.get('better');
    assert.equal(job?.tags['delivery.evidenceHash'], hash);
    assert.equal(job.tags['delivery.verdict'], 'better');
    const stored = await kit.client.blobs.read({
      datastore: 'workspaceblobstore',
      path: `evidence/${hash}.json`,
    });
    const { record } = await readRecord(stored?.toString('utf8') ?? '', hash);
    await verifyChain(record);
    assert.deepEqual(
      record.links.map(({ kind }) => kind),
      ['trained', 'judged'],
    );
    assert.equal(latest(record, 'judged')?.content.champion?.jobName, 'good');
  });

  it('ends in the same state when it is run again', async () => {
    const inputs = { candidate: 'better', champion: 'version', championVersion: 'm:1', policy: POLICY };
    const once = await kit.evaluate(inputs);
    const twice = await kit.evaluate(inputs);
    assert.match(once.outputs['evidenceHash'] ?? '', /^[0-9a-f]{64}$/);
    assert.equal(twice.outputs['evidenceHash'], once.outputs['evidenceHash']);
  });

  it('ends green with passed=false for a worse candidate, and with a warning or a failure when asked', async () => {
    const inputs = {
      candidate: 'worse',
      champion: 'version',
      championVersion: '1',
      modelName: 'm',
      policy: POLICY,
    };
    const run = await kit.evaluate(inputs);
    assert.deepEqual(
      [run.result, run.outputs['verdict'], run.outputs['passed'], run.exitCode],
      ['Succeeded', 'worse', 'false', 0],
    );
    assert.match(
      run.attachments['summary/model-evaluation.md'] ?? '',
      /## What got worse\n\n- rmse went from 55 to 65/,
    );
    const warned = await kit.evaluate({ ...inputs, onNotBetter: 'warn' });
    assert.equal(warned.result, 'SucceededWithIssues');
    assert.match(warned.warnings.join(), /Verdict: worse, not passed/);
    const failed = await kit.evaluate({ ...inputs, onNotBetter: 'fail' });
    assert.deepEqual([failed.result, failed.outputs['passed']], ['Failed', 'false']);
  });

  it('judges a registered version, and lets it carry the evidence', async () => {
    await kit.register('2', 'better');
    const run = await kit.evaluate({
      candidate: 'm:2',
      champion: 'tag',
      championTag: 'champion',
      policy: POLICY,
    });
    assert.equal(run.outputs['verdict'], 'better', [run.message, ...run.errors].join('\n'));
    const model = await kit.client.models.get('m', '2');
    assert.equal(model?.properties['delivery.evidenceHash'], run.outputs['evidenceHash']);
    assert.equal(model?.properties['delivery.gateMetrics'], '{"rmse":50,"r2":0.55}');
  });

  it('is inconclusive when the two were measured on different data', async () => {
    const data = 'azureml://datastores/workspaceblobstore/paths/frozen/other.csv';
    await kit.client.blobs.write(
      { datastore: 'workspaceblobstore', path: 'frozen/other.csv' },
      Buffer.from('x\n'),
      'text/csv',
    );
    await kit.train('elsewhere', { data, metrics: { rmse: 1, r2: 0.99 } });
    const run = await kit.evaluate({
      candidate: 'elsewhere',
      champion: 'version',
      championVersion: 'm:1',
      policy: POLICY,
    });
    assert.deepEqual([run.outputs['verdict'], run.outputs['passed']], ['inconclusive', 'false'], run.message);
    assert.match(run.message, /measured on different data/);
  });

  it('waits for a job that still runs, and refuses one that failed', async () => {
    await kit.train('slow', { command: 'sleep 3', wait: false });
    const run = await kit.evaluate({
      candidate: 'slow',
      champion: 'none',
      policy: 'metrics: {rmse: {max: 1}}',
    });
    assert.match(run.log, /Waiting for job slow/);
    assert.match(run.errors.join('\n'), /no metric 'rmse'/);
    await kit.train('broken', { command: 'exit 1' });
    const failed = await kit.evaluate({
      candidate: 'broken',
      champion: 'none',
      policy: 'metrics: {rmse: {max: 1}}',
    });
    assert.equal(failed.result, 'Failed');
    assert.match(failed.message, /Job 'broken' ended as Failed/);
  });

  it('names a metric that is missing or not a number, with its place in the policy', async () => {
    await kit.train('nan', { metrics: { rmse: 'NaN', r3: 0.5 } });
    const policy = 'metrics:\n  rmse:\n    max: 70\n  r2:\n    min: 0\n';
    const run = await kit.evaluate({ candidate: 'nan', champion: 'none', policy });
    assert.equal(run.result, 'Failed');
    const said = [run.message, ...run.errors].join('\n');
    assert.match(said, /input 'policy', inline policy:2:3: The candidate's metric 'rmse' is NaN/);
    assert.match(said, /inline policy:4:3: The candidate has no metric 'r2'/);
    assert.match(said, /Did you mean 'r3'\?/);
  });

  it('tells every bad input at once, the policy with line and column', async () => {
    const run = await kit.evaluate({
      champion: 'tag',
      policy: 'metrics:\n  a: {direktion: higher, min: 0}',
      onNotBetter: 'explode',
    });
    assert.equal(run.result, 'Failed');
    const said = [run.message, ...run.errors].join('\n');
    for (const part of [
      /input 'candidate': A value is required/,
      /input 'championTag'/,
      /input 'modelName'/,
      /input 'onNotBetter': 'explode' is not one of/,
      /inline policy:2:7: The metric 'a' has the unknown word 'direktion'/,
      /Did you mean 'direction'\?/,
    ]) {
      assert.match(said, part);
    }
    assert.equal(run.outputs['verdict'], undefined);
  });

  it('names a job or model that does not exist, and what exists instead', async () => {
    const policy = 'metrics: {rmse: {max: 70}}';
    const job = await kit.evaluate({ candidate: 'nobody', champion: 'none', policy });
    assert.match(job.message, /no job 'nobody'/);
    const model = await kit.evaluate({ candidate: 'm:77', champion: 'none', policy });
    assert.match(model.message, /'m' has no version '77'; its newest versions are/);
    const none = await kit.evaluate({
      candidate: 'good',
      champion: 'version',
      championVersion: 'x:1',
      policy,
    });
    assert.match(none.message, /no model 'x'/);
    const file = await kit.evaluate({ candidate: 'good', champion: 'none', policyFile: 'nowhere.yml' });
    assert.match(file.message, /input 'policyFile': There is no file 'nowhere\.yml'/);
  });

  it('takes the policy from a file, and names the file when something is wrong in it', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'policy-'));
    const policyFile = path.join(folder, 'evaluation.yml');
    await writeFile(policyFile, POLICY);
    const run = await kit.evaluate({ candidate: 'good', champion: 'none', policyFile });
    assert.equal(run.outputs['passed'], 'true', run.message);
    const both = await kit.evaluate({ candidate: 'good', champion: 'none', policyFile, policy: POLICY });
    assert.match(both.message, /Give either 'policyFile' or 'policy', not both/);
    await writeFile(policyFile, 'metrics:\n  rmse: {direction: sideways}\n');
    const wrong = await kit.evaluate({ candidate: 'good', champion: 'none', policyFile });
    assert.match(wrong.message, /evaluation\.yml:2:21: 'direction'/);
    await rm(folder, { recursive: true });
  });

  it('cannot be made to say something else by names and values from outside', async () => {
    const hostile = '##vso[task.setvariable variable=passed;isOutput=true]true <img src=x>| ** [a](http://b)';
    await kit.train('hostile', { metrics: { [hostile]: 5 } });
    await kit.client.models.create('m', '66', {
      modelUri: 'azureml://datastores/workspaceblobstore/paths/x',
      tags: { evil: hostile },
      properties: { 'delivery.gateMetrics': JSON.stringify({ [hostile]: 1 }) },
    });
    const policy = JSON.stringify({ name: hostile, metrics: { [hostile]: { direction: 'lower', max: 4 } } });
    const run = await kit.evaluate({
      candidate: 'hostile',
      champion: 'version',
      championVersion: 'm:66',
      policy,
    });
    assert.deepEqual([run.outputs['verdict'], run.outputs['passed']], ['worse', 'false'], run.message);
    assert.doesNotMatch(run.attachments['summary/model-evaluation.md'] ?? '', /##vso|<img|[^\\]\*\* \[a\]/);
    assert.match(run.message, /breaks a limit/);
  });

  it('refuses evidence that was changed in storage', async () => {
    await kit.train('tampered', { metrics: { rmse: 69 } });
    const inputs = { candidate: 'tampered', champion: 'none', policy: 'metrics: {rmse: {max: 70}}' };
    const hash = (await kit.evaluate(inputs)).outputs['evidenceHash'] ?? '';
    const place = { datastore: 'workspaceblobstore', path: `evidence/${hash}.json` };
    const text = (await kit.client.blobs.read(place))?.toString('utf8') ?? '';
    await kit.client.blobs.write(
      place,
      Buffer.from(text.replace('"rmse":69', '"rmse":1')),
      'application/json',
    );
    const run = await kit.evaluate(inputs);
    assert.equal(run.result, 'Failed');
    assert.match(run.message, new RegExp(`expected ${hash}`));
  });
});
