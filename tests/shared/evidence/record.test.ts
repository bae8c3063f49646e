import { Ajv, type AnySchema } from 'ajv';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  addLink,
  canonicalJson,
  EMPTY_RECORD,
  evidenceAddress,
  evidenceHashIn,
  evidenceProperties,
  verdictTags,
  hashOf,
  hashOfFiles,
  hasPassed,
  latest,
  parseRecord,
  readRecord,
  recordedMetrics,
  recordMetrics,
  sealRecord,
  verifyChain,
  type EvidenceRecord,
} from '../../../shared/evidence/index.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { judged, trained, wholeRecord } from './fixture.ts';

const schema = JSON.parse(readFileSync('docs/schemas/evidence.schema.json', 'utf8')) as AnySchema;
const validate = new Ajv({ strictRequired: false, strictTypes: false }).compile(schema);

async function refused(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof Problem);
    assert.equal(error.code, 'evidence');
    return error;
  }
  return assert.fail('nothing was refused');
}

function altered(
  record: EvidenceRecord,
  change: (copy: { links: { [key: string]: unknown }[] }) => void,
): string {
  const copy = JSON.parse(JSON.stringify(record)) as { links: { [key: string]: unknown }[] };
  change(copy);
  return canonicalJson(copy);
}

const sha = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('A record of evidence', () => {
  it('has the form of the published schema, with every kind of link', async () => {
    const record = await wholeRecord();
    assert.ok(validate(JSON.parse(canonicalJson(record))), JSON.stringify(validate.errors));
    assert.ok(validate(EMPTY_RECORD));
    assert.deepEqual(
      record.links.map(({ kind }) => kind),
      ['trained', 'judged', 'registered', 'planned', 'deployed'],
    );
  });

  it('carries in each link the SHA-256 of the canonical form of the one before', async () => {
    const { links } = await wholeRecord();
    assert.equal(links[0]?.previous, null);
    links.slice(1).forEach((link, index) => assert.equal(link.previous, sha(canonicalJson(links[index]))));
  });

  it('is named by the SHA-256 of its canonical text and reads back as it was', async () => {
    const sealed = await sealRecord(await wholeRecord());
    assert.equal(sealed.hash, sha(sealed.text));
    assert.deepEqual(await readRecord(sealed.text, sealed.hash), sealed);
  });

  it('keeps its hash when a task repeats itself, and grows when something new is said', async () => {
    const record = await wholeRecord();
    const last = latest(record, 'deployed')!;
    assert.equal(await addLink(record, { kind: 'deployed', at: new Date(), content: last.content }), record);
    const again = await addLink(record, { kind: 'judged', at: new Date(), content: await judged() });
    assert.equal(again.links.length, record.links.length + 1);
    await verifyChain(again);
  });

  it('gives the newest link of a kind', async () => {
    const failed = { ...(await judged()), passed: false };
    const record = await addLink(await wholeRecord(), { kind: 'judged', at: new Date(), content: failed });
    assert.equal(latest(record, 'judged')?.content.passed, false);
    assert.equal(hasPassed(record), false);
    assert.equal(hasPassed(EMPTY_RECORD), undefined);
  });

  it('holds NaN and infinity as words, which JSON cannot write as numbers', () => {
    const metrics = { a: Number.NaN, b: Infinity, c: -Infinity, d: 1.5 };
    const recorded = recordMetrics(metrics);
    assert.deepEqual(recorded, { a: 'NaN', b: 'Infinity', c: '-Infinity', d: 1.5 });
    assert.deepEqual(recordedMetrics(recorded), metrics);
  });

  it('never holds what looks like a secret', async () => {
    const data = [
      { name: 'data', uri: 'https://account.blob.core.windows.net/c/x.csv?sv=1&sig=SECRET%2Bvalue' },
    ];
    const record = await addLink(EMPTY_RECORD, {
      kind: 'trained',
      at: new Date(),
      content: { ...trained, data },
    });
    assert.doesNotMatch(canonicalJson(record), /SECRET/);
  });

  it('can be written whatever text training leaves behind, and stays in the form of the schema', async () => {
    const text = fc
      .string({ unit: 'binary' })
      .chain((known) => fc.constantFrom(known, `${known}\ud800`, `\udfff${known}`));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(text, text),
        fc.dictionary(text, fc.double()),
        text,
        async (parameters, metrics, uri) => {
          const content = {
            ...trained,
            parameters,
            metrics: recordMetrics(metrics),
            data: [{ name: uri, uri }],
          };
          const record = await addLink(EMPTY_RECORD, { kind: 'trained', at: new Date(0), content });
          const sealed = await sealRecord(record);
          assert.equal(sealed.hash, sha(sealed.text));
          assert.ok(validate(JSON.parse(sealed.text)), JSON.stringify(validate.errors));
          await readRecord(sealed.text, sealed.hash);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('Evidence that was changed', () => {
  it('is refused by the hash it is known by, naming both', async () => {
    const { record, hash } = await sealRecord(await wholeRecord());
    const text = altered(record, ({ links }) =>
      Object.assign(links[1]!['content'] as object, { passed: false }),
    );
    const { message } = await refused(readRecord(text, hash));
    assert.match(message, new RegExp(`expected ${hash}, found ${sha(text)}`));
  });

  it('is refused at the link after the one that was changed, naming what it expected and found', async () => {
    const record = await wholeRecord();
    const text = altered(record, ({ links }) =>
      Object.assign(links[1]!['content'] as object, { passed: false }),
    );
    const { message } = await refused(readRecord(text, sha(text)));
    assert.match(message, /link 3 \(registered\)/);
    const changed = parseRecord(text);
    assert.ok(message.includes(record.links[2]!.previous!), message);
    assert.ok(message.includes(await hashOf(changed.links[1])), message);
  });

  it('is refused when a link was taken out, put in or moved', async () => {
    const record = await wholeRecord();
    for (const change of [
      (links: unknown[]) => links.splice(1, 1),
      (links: unknown[]) => links.splice(0, 1),
      (links: unknown[]) => links.reverse(),
      (links: unknown[]) => links.splice(2, 0, links[1]),
    ]) {
      const text = altered(record, ({ links }) => change(links));
      assert.match((await refused(readRecord(text, sha(text)))).message, /link \d \(\w+\) names/);
    }
  });

  it('is refused when it is not canonical, not JSON, not of the schema, or of another version', async () => {
    const { record } = await sealRecord(await wholeRecord());
    const cases: [string, RegExp][] = [
      [JSON.stringify(record, undefined, 1), /canonical/],
      ['{', /not JSON/],
      ['null', /schema version undefined/],
      [altered(record, (copy) => Object.assign(copy, { schemaVersion: '2.0' })), /schema version 2\.0/],
      [altered(record, ({ links }) => Object.assign(links[0]!, { kind: 'guessed' })), /form of its schema/],
      [
        altered(record, ({ links }) => Object.assign(links[0]!['content'] as object, { surplus: 1 })),
        /form of its schema/,
      ],
      [
        altered(record, ({ links }) => Object.assign(links[1]!['content'] as object, { verdict: 'great' })),
        /form of its schema/,
      ],
    ];
    for (const [text, message] of cases) {
      assert.match((await refused(readRecord(text, sha(text)))).message, message);
    }
  });

  it('is judged alike by the reader and by a full JSON Schema validator', async () => {
    const record = await wholeRecord();
    const members = record.links.flatMap((link, index) =>
      Object.keys(link.content).map((key) => [index, key] as const),
    );
    for (const [index, key] of members) {
      for (const value of [undefined, null, 7, 'x', {}, [], [7]]) {
        const text = altered(record, ({ links }) =>
          Object.assign(links[index]!['content'] as object, { [key]: value }),
        );
        const accepted = await Promise.resolve()
          .then(() => parseRecord(text))
          .then(
            () => true,
            () => false,
          );
        assert.equal(
          accepted,
          validate(JSON.parse(text)),
          `${record.links[index]!.kind}.${key} = ${JSON.stringify(value)}`,
        );
      }
    }
  });
});

describe('What a model version says about its evidence', () => {
  it('is hash, address, verdict and the gate metrics', async () => {
    const sealed = await sealRecord(await wholeRecord());
    assert.deepEqual(evidenceProperties(sealed), {
      'delivery.evidenceHash': sealed.hash,
      'delivery.evidenceAddress': `azureml://datastores/workspaceblobstore/paths/evidence/${sealed.hash}.json`,
      'delivery.verdict': 'better',
      'delivery.passed': 'true',
      'delivery.gateMetrics': '{"test_rmse":55.25,"test_r2":0.48}',
    });
    assert.equal(evidenceHashIn(evidenceProperties(sealed)), sealed.hash);
    assert.equal(evidenceAddress('ff'), 'azureml://datastores/workspaceblobstore/paths/evidence/ff.json');
  });

  it('says as tags what gates read: verdict, reason, and value and limit of the blocking metrics without exponents', async () => {
    const content = await judged();
    const tiny = { ...content.findings[0]!, metric: 'tiny', candidate: 1.5e-9 };
    const record = await addLink(EMPTY_RECORD, {
      kind: 'judged',
      at: new Date(0),
      content: { ...content, reason: 'x'.repeat(400), findings: [...content.findings, tiny] },
    });
    const tags = verdictTags(record);
    assert.deepEqual([tags['delivery.verdict'], tags['delivery.passed']], ['better', 'true']);
    assert.equal(tags['delivery.reason']?.length, 250);
    assert.equal(tags['delivery.metric.test_rmse'], '55.25');
    assert.equal(tags['delivery.metric.tiny'], '0.0000000015');
    assert.match(tags['delivery.limit.test_rmse'] ?? '', /^at (most|least) /);
    assert.deepEqual(verdictTags(EMPTY_RECORD), {});
  });

  it('stays under a kilobyte, however many metrics there are and however long their names', async () => {
    const one = (await judged()).findings[0]!;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 60 }),
        async (names) => {
          const content = { ...(await judged()), findings: names.map((metric) => ({ ...one, metric })) };
          const record = await addLink(EMPTY_RECORD, { kind: 'judged', at: new Date(0), content });
          const properties = evidenceProperties(await sealRecord(record));
          const size = Object.entries(properties).reduce(
            (sum, pair) => sum + Buffer.byteLength(pair.join('')),
            0,
          );
          assert.ok(size < 1024, String(size));
          assert.ok(properties['delivery.evidenceHash']);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is not believed when the hash is no hash', () => {
    assert.equal(evidenceHashIn({ 'delivery.evidenceHash': '../../x' }), undefined);
    assert.equal(evidenceHashIn({}), undefined);
  });
});

describe("The hash of a model's files", () => {
  it('depends on paths, sizes and bytes, and not on their order', async () => {
    const one = { path: 'a', sizeInBytes: 1, sha256: 'ab'.repeat(32) };
    const other = { path: 'b', sizeInBytes: 2, sha256: 'cd'.repeat(32) };
    const hash = await hashOfFiles([one, other]);
    assert.equal(await hashOfFiles([other, one]), hash);
    assert.notEqual(await hashOfFiles([{ ...one, path: 'c' }, other]), hash);
    assert.notEqual(await hashOfFiles([{ ...one, sizeInBytes: 3 }, other]), hash);
    assert.notEqual(await hashOfFiles([one]), hash);
  });
});
