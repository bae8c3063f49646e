import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFaults } from '../../../../local/workspace/faults/read.ts';
import { wordsFor } from '../../../../shared/problem/index.ts';

const schema = JSON.parse(readFileSync('docs/schemas/faults.schema.json', 'utf8')) as object;
const isValid = new Ajv2020({ strict: false }).compile(schema);

function reads(document: unknown): boolean {
  try {
    readFaults(JSON.stringify(document), 'faults.json');
    return true;
  } catch {
    return false;
  }
}

const GOOD: readonly object[] = [
  { fault: 'answer', status: 503, code: 'Busy', message: 'No.', headers: { a: 'b' }, body: { any: [1] } },
  { fault: 'delay', inMs: 10 },
  { fault: 'delay', inMs: 10, upToMs: 20, on: { method: ['GET', 'PUT'], path: 'jobs/**' } },
  { fault: 'drop' },
  { fault: 'drop', when: 'after', skip: 2, count: 3, probability: 0.25, name: 'lost answers' },
  { fault: 'cut', after: 0 },
  { fault: 'throttle', retryAfterInSeconds: 30, on: { method: 'POST' } },
  { fault: 'expire-token', on: {} },
  { fault: 'quota', code: 'ClusterCoreQuotaReached' },
  { fault: 'slow-provisioning', inSeconds: 600 },
  { fault: 'image-build-failure', message: 'no space left' },
  { fault: 'cut', on: { service: 'storage', path: '*/LocalUpload/**' } },
];
const BAD: readonly unknown[] = [
  'throttle',
  {},
  { fault: 'explode' },
  { fault: 'answer' },
  { fault: 'answer', status: 200 },
  { fault: 'answer', status: '503' },
  { fault: 'delay' },
  { fault: 'delay', inMs: -1 },
  { fault: 'drop', when: 'later' },
  { fault: 'drop', status: 500 },
  { fault: 'cut', after: 2 },
  { fault: 'throttle', retryAfterInSeconds: 1.5 },
  { fault: 'throttle', on: { methods: 'GET' } },
  { fault: 'throttle', on: { method: 'FETCH' } },
  { fault: 'throttle', on: 'jobs' },
  { fault: 'throttle', probability: 1.1 },
  { fault: 'throttle', count: 0 },
  { fault: 'throttle', skip: -1 },
  { fault: 'slow-provisioning' },
  { fault: 'quota', name: '' },
  { fault: 'quota', on: { service: 'storage' } },
  { fault: 'drop', on: { service: 'blobs' } },
];

describe('A list of faults', () => {
  for (const [index, rule] of GOOD.entries()) {
    it(`is read as the published schema says: ${JSON.stringify(rule).slice(0, 60)} (${index})`, () => {
      assert.ok(isValid({ seed: 5, faults: [rule] }), JSON.stringify(isValid.errors));
      assert.ok(reads({ seed: 5, faults: [rule] }));
    });
  }
  for (const [index, rule] of BAD.entries()) {
    it(`is refused as the published schema says: ${JSON.stringify(rule).slice(0, 60)} (${index})`, () => {
      assert.equal(isValid({ faults: [rule] }), false);
      assert.equal(reads({ faults: [rule] }), false);
    });
  }

  it('names everything that is wrong with it, with line and column', () => {
    const text = 'sed: 4\nfaults:\n  - fault: throttle\n    propability: 0.5\n  - on: { path: jobs }\n';
    assert.throws(
      () => readFaults(text, 'my.yaml'),
      (error: unknown) => {
        const words = wordsFor(error).join('\n');
        assert.match(words, /my\.yaml:1:1: A list of faults has the unknown word 'sed'/);
        assert.match(words, /my\.yaml:4:5: Fault 1 has the unknown word 'propability'/);
        assert.match(words, /Did you mean 'probability'\?/);
        assert.match(words, /my\.yaml:5:5: Fault 2 needs 'fault'/);
        return true;
      },
    );
    assert.throws(() => readFaults('faults: [', 'my.yaml'), /cannot be read as YAML/);
    assert.throws(() => readFaults('', 'my.yaml'), /must be a map/);
  });

  it('is matched by what follows the workspace, or by the whole path after a slash', () => {
    const workspace =
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';
    const matches = (path: string, asked: string) =>
      readFaults(JSON.stringify({ faults: [{ fault: 'drop', on: { path } }] }), 'x').rules[0]!.on.matches({
        service: 'api',
        method: 'GET',
        path: asked,
      });
    assert.ok(matches('jobs/*', `${workspace}/jobs/one`));
    assert.equal(matches('jobs/*', `${workspace}/jobs/one/cancel`), false);
    assert.ok(matches('jobs/**', `${workspace}/jobs/one/cancel`));
    assert.ok(matches('history/v1.0/runs/*', `/history/v1.0${workspace}/runs/r`));
    assert.ok(matches('/tenant/oauth2/**', '/tenant/oauth2/v2.0/token'));
    assert.ok(matches('online/*/score', '/online/e/score'));
    assert.equal(matches('/jobs/*', `${workspace}/jobs/one`), false);
  });
});
