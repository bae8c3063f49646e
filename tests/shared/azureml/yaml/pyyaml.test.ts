import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isSameValue, type Reading } from '../../../../scripts/conformance/yaml/compareValues.ts';
import { ourValue } from '../../../../scripts/conformance/yaml/values.ts';

/** What PyYAML made of random texts; `npm run conformance:yaml -- --values 4000 --record` writes it anew. */
const READINGS = JSON.parse(
  readFileSync(new URL('pyyaml.json', import.meta.url), 'utf8'),
) as readonly Reading[];

describe('random texts that PyYAML has read', () => {
  it('mean the same here: each value and its type, the order of keys, and what is refused', () => {
    assert.ok(READINGS.length >= 200);
    const different = READINGS.filter(([text, reference]) => !isSameValue(reference, ourValue(text)));
    assert.deepEqual(
      different.map(([text, reference]) => ({ text, reference, ours: ourValue(text) })),
      [],
    );
  });
});
