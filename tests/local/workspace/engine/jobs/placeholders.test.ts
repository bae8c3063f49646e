import assert from 'node:assert/strict';
import {
  requiredPlaceholders,
  resolvePlaceholders,
} from '../../../../../local/workspace/engine/jobs/command/placeholders.ts';

const values = {
  inputs: { data: '/d/one.csv', lr: '0.1' },
  outputs: { model: '/o/model' },
  search_space: { c: '7' },
};

describe('The placeholders of a command', () => {
  it('become values, once each, whatever the spaces', () => {
    const text =
      'train --data ${{inputs.data}} --out ${{ outputs.model }} --c ${{search_space.c}} $HOME ${x}';
    assert.equal(
      resolvePlaceholders(text, values),
      'train --data /d/one.csv --out /o/model --c 7 $HOME ${x}',
    );
  });

  it('do not make placeholders of what values hold', () => {
    assert.equal(
      resolvePlaceholders('${{inputs.a}}', { inputs: { a: '${{inputs.b}}', b: 'x' } }),
      '${{inputs.b}}',
    );
  });

  it('in optional parts keep or drop the part', () => {
    assert.equal(
      resolvePlaceholders('a $[[--lr ${{inputs.lr}}]] $[[--x ${{inputs.x}}]]', values),
      'a --lr 0.1 ',
    );
    assert.deepEqual(requiredPlaceholders('${{inputs.lr}} $[[${{inputs.x}}]]'), ['inputs.lr']);
  });

  it('without a value are named', () => {
    for (const name of ['inputs.nope', 'inputs.constructor', 'name']) {
      assert.throws(
        () => resolvePlaceholders(`\${{${name}}}`, values),
        new RegExp(`'\\$\\{\\{${name}\\}\\}', which the job does not define`),
      );
    }
  });
});
