import assert from 'node:assert/strict';
import type { AzureML } from '../../../shared/azureml/index.ts';
import { evidenceOfModel, keepOnModel } from '../../../shared/delivery/evidence.ts';
import {
  evidenceHashOf,
  readEvidence,
  requireEvidence,
  writeEvidence,
} from '../../../shared/delivery/evidenceStore.ts';
import { measurementIn, measurementOn } from '../../../shared/delivery/measure.ts';
import {
  addLink,
  EMPTY_RECORD,
  evidenceProperties,
  latest,
  sealRecord,
} from '../../../shared/evidence/index.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { judged, registered, trained, wholeRecord } from '../evidence/fixture.ts';
import { clientFor, startTestWorkspace, type TestWorkspace } from './workspace.ts';

const modelUri = 'azureml://datastores/workspaceblobstore/paths/m';

describe('Evidence in a workspace', () => {
  let workspace: TestWorkspace;
  let client: AzureML;
  const options = { abortSignal: new AbortController().signal };
  const refused = async (work: Promise<unknown>): Promise<Problem> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Problem, String(error));
    assert.equal(error.code, 'evidence');
    return error;
  };
  before(async () => {
    workspace = await startTestWorkspace();
    await workspace.storageReady;
    client = clientFor(workspace, 'EvaluateModel');
  });
  after(() => workspace.stop());

  it('is stored under its hash and comes back as it was', async () => {
    const sealed = await writeEvidence(client, await wholeRecord(), options);
    assert.deepEqual(await readEvidence(client, sealed.hash, options), sealed);
    const place = { datastore: 'workspaceblobstore', path: `evidence/${sealed.hash}.json` };
    assert.equal((await client.blobs.read(place, options))?.toString('utf8'), sealed.text);
    assert.deepEqual(await writeEvidence(client, sealed.record, options), sealed);
  });

  it('that was changed in storage is refused', async () => {
    const sealed = await writeEvidence(client, await wholeRecord(), options);
    const place = { datastore: 'workspaceblobstore', path: `evidence/${sealed.hash}.json` };
    const changed = Buffer.from(sealed.text.replace('"passed":true', '"passed":false'), 'utf8');
    await client.blobs.write(place, changed, 'application/json', options);
    assert.match((await refused(readEvidence(client, sealed.hash, options))).message, /expected .* found/);
  });

  it('that is not stored is told with the address it should have', async () => {
    const hash = 'cd'.repeat(32);
    assert.equal(await readEvidence(client, hash, options), undefined);
    assert.match(
      (await refused(requireEvidence(client, hash, options))).message,
      new RegExp(`evidence/${hash}\\.json`),
    );
  });

  it('is carried by a model as properties first, and as tags when it grows', async () => {
    const first = await addLink(EMPTY_RECORD, { kind: 'trained', at: new Date(0), content: trained });
    const created = await client.models.create('grows', '1', { modelUri });
    const kept = await keepOnModel(client, created, first, options);
    const once = await client.models.get('grows', '1');
    assert.equal(once?.properties['delivery.evidenceHash'], kept.hash);
    const second = await addLink(first, { kind: 'judged', at: new Date(0), content: await judged() });
    const grown = await keepOnModel(client, once, second, options);
    const twice = await client.models.get('grows', '1');
    assert.equal(twice?.properties['delivery.evidenceHash'], kept.hash);
    assert.equal(evidenceHashOf(twice), grown.hash);
    assert.equal(twice.tags['delivery.verdict'], 'better');
    const found = await evidenceOfModel(client, twice, options);
    assert.deepEqual([found.hash, found.origin], [grown.hash, 'evidence']);
    assert.equal(measurementIn(found).metrics['test_rmse'], 55.25);
  });

  it('says on the model, in tags, who let it go live', async () => {
    const record = await wholeRecord();
    const { content } = latest(record, 'deployed')!;
    const approver = { known: true, name: 'Ada, Grace', at: '2026-03-01T10:10:00Z', comment: 'fine\nby me' };
    const approved = await addLink(record, {
      kind: 'deployed',
      at: new Date(0),
      content: { ...content, approver },
    });
    const model = await client.models.create('approved', '1', { modelUri });
    await keepOnModel(client, model, approved, options);
    const { tags } = (await client.models.get('approved', '1'))!;
    assert.deepEqual(
      Object.entries(tags).filter(([name]) => name.startsWith('delivery.approved')),
      [
        ['delivery.approved.by', 'Ada, Grace'],
        ['delivery.approved.at', '2026-03-01T10:10:00Z'],
        ['delivery.approved.comment', 'fine by me'],
      ],
    );
  });

  it('of another model is refused', async () => {
    const record = await addLink(EMPTY_RECORD, {
      kind: 'registered',
      at: new Date(0),
      content: await registered(),
    });
    const sealed = await writeEvidence(client, record, options);
    const model = await client.models.create('other', '1', {
      modelUri,
      properties: evidenceProperties(sealed),
    });
    assert.match(
      (await refused(evidenceOfModel(client, model, options))).message,
      /'other:1'.*about diabetes:5/,
    );
  });

  it('of a model without record and job is empty, but its gate metrics count', async () => {
    const properties = evidenceProperties(await sealRecord(await wholeRecord()));
    const { 'delivery.gateMetrics': gateMetrics = '' } = properties;
    const model = await client.models.create('bare', '1', {
      modelUri,
      properties: { 'delivery.gateMetrics': gateMetrics },
    });
    const found = await evidenceOfModel(client, model, options);
    assert.deepEqual([found.origin, found.record], ['none', EMPTY_RECORD]);
    assert.deepEqual(measurementIn(found).metrics, {});
    assert.deepEqual(measurementOn(model), {
      metrics: { test_rmse: 55.25, test_r2: 0.48 },
      origin: 'properties',
      on: undefined,
    });
  });
});
