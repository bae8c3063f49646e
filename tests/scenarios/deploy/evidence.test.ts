import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { judge, readPolicy } from '../../../shared/evaluation/index.ts';
import {
  addLink,
  EMPTY_RECORD,
  evidenceProperties,
  hashOf,
  hashOfFiles,
  latest,
  readRecord,
  verifyChain,
  type EvidenceRecord,
} from '../../../shared/evidence/index.ts';
import { writeEvidence } from '../../../shared/delivery/evidenceStore.ts';
import type { AzureML } from '../../../shared/azureml/index.ts';
import { clientFor } from '../../shared/delivery/workspace.ts';
import type { TaskRun } from '../../helpers/taskProcess.ts';
import { startDeployKit, type DeployKit } from './kit.ts';

const BYTES = 'a model';

/** Registers version `version` of model `judged` as RegisterModel does, with a verdict. */
async function register(client: AzureML, version: string, rmse: number): Promise<void> {
  const place = { datastore: 'workspaceblobstore', path: `models/judged/${version}/model.txt` };
  await client.blobs.write(place, Buffer.from(BYTES), 'text/plain');
  const files = [
    {
      path: 'model.txt',
      sizeInBytes: BYTES.length,
      sha256: createHash('sha256').update(BYTES).digest('hex'),
    },
  ];
  const registered = {
    modelName: 'judged',
    modelVersion: version,
    modelId: `${client.workspaceId}/models/judged/versions/${version}`,
    modelType: 'custom_model',
    source: 'azureml://jobs/j/outputs/model',
    files,
    filesHash: await hashOfFiles(files),
  };
  const { policy } = readPolicy('metrics: { rmse: { direction: lower, max: 60 } }', {
    file: 'evaluation.yml',
  });
  const judgement = judge({ policy, candidate: { rmse }, data: 'unknown' });
  const judged = {
    candidate: { jobName: 'j' },
    policy: { file: 'evaluation.yml', sha256: await hashOf(policy), rules: policy },
    champion: null,
    metricsFrom: { candidate: 'job', champion: 'none' } as const,
    ...judgement,
  };
  const at = new Date('2026-03-01T10:00:00Z');
  const record = await addLink(await addLink(EMPTY_RECORD, { kind: 'judged', at, content: judged }), {
    kind: 'registered',
    at,
    content: registered,
  });
  const sealed = await writeEvidence(client, record, { abortSignal: new AbortController().signal });
  await client.models.create('judged', version, {
    modelUri: `azureml://datastores/workspaceblobstore/paths/${place.path}`,
    modelType: 'custom_model',
    properties: evidenceProperties(sealed),
  });
}

async function recordIn(run: TaskRun): Promise<EvidenceRecord> {
  const hash = run.outputs['evidenceHash'] ?? '';
  const { record } = await readRecord(run.attachments[`azureml-evidence/${hash}.json`] ?? '', hash);
  await verifyChain(record);
  return record;
}

describe('DeployModel with evidence', function () {
  this.timeout(300_000);
  let kit: DeployKit;
  let approved: Record<string, string>;
  before(async () => {
    kit = await startDeployKit();
    const client = clientFor(kit.workspace, 'DeployModel');
    await register(client, '1', 50);
    await register(client, '2', 99);
    await register(client, '3', 40);
  });
  after(() => kit.stop());

  it('plans on the record, for an approver to read', async () => {
    const run = await kit.ok({ action: 'plan', model: 'judged:1', requireEvidence: 'exact' });
    const planned = latest(await recordIn(run), 'planned')?.content;
    assert.deepEqual(
      [planned?.planHash, planned?.endpointName, planned?.deploymentChange, planned?.steps],
      [run.outputs['planHash'], 'prod', 'create', [{ live: { blue: 100 }, mirror: {} }]],
    );
    assert.match(run.attachments['summary/Plan for prod.md'] ?? '', /judged:1 to endpoint prod/);
    const again = await kit.ok({ action: 'plan', model: 'judged:1' });
    assert.deepEqual(again.outputs, run.outputs);
    approved = { evidenceHash: run.outputs['evidenceHash'] ?? '', planHash: run.outputs['planHash'] ?? '' };
  });

  it('refuses a model that did not pass, and one nobody judged', async () => {
    const worse = await kit.run({ model: 'judged:2', requireEvidence: 'verdict' });
    assert.equal(worse.result, 'Failed');
    assert.match(worse.message, /judged:2 is not deployed, because its evaluation did not let it pass/);
    const unjudged = await kit.run({ model: 'echo:1', requireEvidence: 'verdict' });
    assert.match(unjudged.message, /has no evidence of an evaluation/);
    assert.equal(await kit.endpoint('prod'), undefined);
  });

  it('refuses another model, another plan and other inputs than were approved', async () => {
    const exact = { ...approved, requireEvidence: 'exact' };
    const refusals = [
      [{ model: 'judged:3' }, /is about judged:1, not about judged:3/],
      [{ model: 'judged:1', evidenceHash: 'ab'.repeat(32) }, /is not stored at/],
      [{ model: 'judged:1', planHash: 'ab'.repeat(32) }, /holds no plan abab/],
      [{ model: 'judged:1', endpointName: 'other' }, /holds no plan .* for endpoint 'other'/],
      [{ model: 'judged:1', instanceCount: '2' }, /is not what was approved/],
      [{ model: 'judged:1', strategy: 'canary' }, /is not what was approved/],
    ] as const;
    const runs = await Promise.all(refusals.map(([inputs]) => kit.run({ ...exact, ...inputs })));
    for (const [index, [, reason]] of refusals.entries()) {
      assert.equal(runs[index]?.result, 'Failed', runs[index]?.log);
      assert.match(runs[index].message, reason);
    }
    assert.equal(await kit.endpoint('prod'), undefined);
    assert.equal(await kit.endpoint('other'), undefined);
  });

  it('refuses when one byte of the model is not the one that was registered', async () => {
    const client = clientFor(kit.workspace, 'DeployModel');
    const place = { datastore: 'workspaceblobstore', path: 'models/judged/1/model.txt' };
    await client.blobs.write(place, Buffer.from('A model'), 'text/plain');
    const run = await kit.run({ ...approved, model: 'judged:1', requireEvidence: 'exact' });
    await client.blobs.write(place, Buffer.from(BYTES), 'text/plain');
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /no longer holds the bytes that were registered: 'model\.txt'/);
    assert.equal(await kit.endpoint('prod'), undefined);
  });

  it('deploys exactly what was approved, writes it down, and says the same when it is run again', async () => {
    const inputs = { ...approved, model: 'judged:1', requireEvidence: 'exact' };
    const run = await kit.ok(inputs);
    const record = await recordIn(run);
    assert.deepEqual(
      record.links.map(({ kind }) => kind),
      ['judged', 'registered', 'planned', 'deployed'],
    );
    const deployed = latest(record, 'deployed')?.content;
    assert.deepEqual(
      [
        deployed?.result,
        deployed?.planHash,
        deployed?.approver,
        deployed?.probes.map(({ passed }) => passed),
      ],
      ['succeeded', approved['planHash'], { known: false }, [true]],
    );
    assert.deepEqual(
      deployed?.trafficChanges.map(({ after }) => after.live),
      [{ blue: 100 }],
    );
    const again = await kit.ok(inputs);
    assert.deepEqual(again.outputs, run.outputs);
    assert.match(run.attachments['summary/Deployment to prod.md'] ?? '', /Succeeded: blue of endpoint prod/);
  });

  it('refuses when the endpoint has changed since the plan', async () => {
    const plan = await kit.ok({ action: 'plan', model: 'judged:3' });
    await kit.ok({ model: 'echo:1' });
    const { evidenceHash = '', planHash = '' } = plan.outputs;
    const run = await kit.run({ model: 'judged:3', requireEvidence: 'exact', evidenceHash, planHash });
    assert.equal(run.result, 'Failed');
    assert.match(run.message, /the endpoint, the files or the inputs have changed since/);
  });

  it('writes down that a model was rolled back', async () => {
    const run = await kit.ok({ action: 'rollback', endpointName: 'prod' });
    const deployed = latest(await recordIn(run), 'deployed')?.content;
    assert.deepEqual(
      [deployed?.action, deployed?.result, deployed?.deploymentName, deployed?.model?.name],
      ['rollback', 'rolled-back', 'green', 'echo'],
    );
    assert.deepEqual(
      deployed?.trafficChanges.map(({ after }) => after.live),
      [{ blue: 100 }],
    );
  });

  it('does without evidence that is out of reach where none is required', async () => {
    const client = clientFor(kit.workspace, 'DeployModel');
    const model = await client.models.get('judged', '3');
    assert.ok(model);
    await client.models.update(model, { tags: { 'delivery.evidenceHash': 'cd'.repeat(32) } });
    const place = { datastore: 'workspaceblobstore', path: `evidence/${'cd'.repeat(32)}.json` };
    await client.blobs.write(place, Buffer.from('{"no":"record"}'), 'application/json');
    const refused = await kit.run({ action: 'plan', model: 'judged:3', requireEvidence: 'verdict' });
    assert.equal(refused.result, 'Failed');
    const run = await kit.ok({ action: 'plan', model: 'judged:3' });
    assert.match(run.warnings.join('\n'), /The evidence of the model cannot be read/);
  });
});
