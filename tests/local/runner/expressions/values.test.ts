import assert from 'node:assert/strict';
import { asText, toPlain, toValue, Version } from '../../../../local/runner/expressions/index.ts';
import { valueOf } from './evaluating.ts';

describe('values in expressions', () => {
  it('read literals of every kind', () => {
    assert.equal(valueOf("'it''s'"), "it's");
    assert.equal(valueOf('-1.5'), -1.5);
    assert.equal(valueOf('.5'), 0.5);
    assert.equal(valueOf('TRUE'), true);
    assert.equal(valueOf('False'), false);
    assert.deepEqual(valueOf('1.2.3'), new Version([1, 2, 3]));
  });

  it('write booleans as .NET does, null as nothing and numbers without an exponent', () => {
    assert.equal(asText(true), 'True');
    assert.equal(asText(false), 'False');
    assert.equal(asText(null), '');
    assert.equal(asText(1e-7), '0.0000001');
    assert.equal(asText(0.1), '0.1');
    assert.equal(asText(new Version([1, 2, 3, 4])), '1.2.3.4');
    assert.equal(asText([]), undefined);
  });

  it('find names in maps without regard to case, and nothing where nothing is', () => {
    const names = { variables: { 'Build.Reason': 'Manual', list: ['a', 'b'] } };
    assert.equal(valueOf("variables['build.reason']", names), 'Manual');
    assert.equal(valueOf('VARIABLES.list[1]', names), 'b');
    assert.equal(valueOf('variables.list[7]', names), null);
    assert.equal(valueOf('variables.list[-1]', names), null);
    assert.equal(valueOf('variables.nothing.more.of.it', names), null);
    assert.equal(valueOf('variables.list.length', names), null);
  });

  it('do not find what every JavaScript object has', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      assert.equal(valueOf(`variables['${name}']`, { variables: {} }), null);
    }
  });

  it('take every item of a list or map with an asterisk', () => {
    const foo = [{ id: 1, a: { b: ['x'] } }, { id: 2 }, { other: 3 }, { id: 4, a: { b: ['y', 'z'] } }];
    assert.deepEqual(toPlain(valueOf('foo.*.id', { foo })), [1, 2, 4]);
    assert.deepEqual(toPlain(valueOf('foo[*].a.b.*', { foo })), ['x', 'y', 'z']);
    assert.deepEqual(toPlain(valueOf('foo.*', { foo: { one: 1, two: 2 } })), [1, 2]);
    assert.deepEqual(toPlain(valueOf("join(',', foo.*.id)", { foo })), '1,2,4');
  });

  it('survive the way from JSON and back', () => {
    const json = { a: [1, 'two', true, null, { b: {} }], c: '' };
    assert.deepEqual(toPlain(toValue(json)), json);
  });
});
