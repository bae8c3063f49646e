import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readPolicy } from '../../../shared/evaluation/index.ts';

describe('The policies this project shows', () => {
  it('are policies: the one in the documentation and the one of the sample', () => {
    const [, documented = ''] = /```yaml\n([^]*?)```/.exec(readFileSync('docs/policy.md', 'utf8')) ?? [];
    const sample = 'samples/diabetes/evaluation.yml';
    assert.equal(readPolicy(documented, { file: 'docs/policy.md' }).policy.metrics.length, 4);
    assert.ok(readPolicy(readFileSync(sample, 'utf8'), { file: sample }).policy.metrics.length > 0);
  });
});
