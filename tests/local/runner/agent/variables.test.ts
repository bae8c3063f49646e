import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expandMacros } from '../../../../local/runner/agent/variables/macros.ts';
import { createMasker } from '../../../../local/runner/agent/variables/masker.ts';
import { createVariables, environmentName } from '../../../../local/runner/agent/variables/variables.ts';

const lookup = (values: Record<string, string>) => (name: string) => values[name.toLowerCase()];

describe('macros', () => {
  it('are replaced once, without regard to case', () => {
    assert.equal(expandMacros('$(A)/$(b)', lookup({ a: '$(b)', b: 'B' })), '$(b)/B');
  });
  it('that are unknown or open stay as written', () => {
    assert.equal(expandMacros('$(x) $() $(', lookup({})), '$(x) $() $(');
  });
  it('inside unknown parentheses are still seen', () => {
    assert.equal(expandMacros('$($(a))', lookup({ a: 'A' })), '$(A)');
  });
  it('leave every text without them alone', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('$(')),
        (text) => expandMacros(text, () => 'x') === text,
      ),
    );
  });
});

describe('variables', () => {
  it('expand each other at any depth up to the limit, and stay as written in a circle', () => {
    const variables = createVariables();
    const warnings: string[] = [];
    variables.set('a', '$(b)!');
    variables.set('b', '$(c)');
    variables.set('c', 'C');
    variables.set('x', '$(y)');
    variables.set('y', '$(x)');
    variables.expand((message) => warnings.push(message));
    assert.equal(variables.get('A'), 'C!');
    assert.equal(variables.get('x'), '$(x)');
    assert.equal(warnings.length, 2);
  });
  it('that take in a secret are secret', () => {
    const variables = createVariables();
    variables.set('s', 'hidden', { isSecret: true });
    variables.set('open', 'before $(s)');
    variables.expand(() => undefined);
    assert.deepEqual([variables.get('open'), variables.find('open')?.isSecret], ['before hidden', true]);
  });
  it('keep the first spelling of their name, and their flags', () => {
    const variables = createVariables();
    variables.set('Name', '1', { isSecret: true, isReadOnly: true });
    variables.set('NAME', '2');
    assert.deepEqual(variables.find('name'), {
      name: 'Name',
      value: '2',
      isSecret: true,
      isReadOnly: true,
      preserveCase: false,
    });
  });
  it('become environment names as the agent mangles them', () => {
    assert.equal(environmentName('my.var with-dash'), 'MY_VAR_WITH-DASH');
    assert.equal(environmentName('my.Var', true), 'my_Var');
  });
});

describe('the masker', () => {
  const masking = (...secrets: string[]) => {
    const masker = createMasker();
    secrets.forEach((secret) => masker.add(secret));
    return masker;
  };
  it('hides a secret wherever it stands, and overlapping ones as one', () => {
    assert.equal(masking('abc', 'cde').mask('xabcdex abc'), 'x***x ***');
  });
  it('hides the forms a secret takes in JSON, in URLs and unescaped', () => {
    const masker = masking('p"a/ss\\n');
    assert.equal(masker.mask(JSON.stringify({ value: 'p"a/ss\\n' })), '{"value":"***"}');
    assert.equal(masker.mask(`?key=${encodeURIComponent('p"a/ss\\n')}`), '?key=***');
    assert.equal(masker.mask('p"a/ss\n'), '***');
  });
  it('hides base64 only of secrets known before the job', () => {
    const encoded = Buffer.from('top secret').toString('base64');
    const early = createMasker();
    early.addJobSecret(' "top secret" ');
    assert.equal(early.mask('top secret'), '***');
    const job = createMasker();
    job.addJobSecret('top secret');
    assert.equal(job.mask(encoded), '***');
    assert.equal(masking('top secret').mask(encoded), encoded);
  });
  it('hides a secret of several lines only as a whole', () => {
    assert.equal(masking('one\ntwo').mask('one'), 'one');
  });
  it('hides passwords in addresses', () => {
    assert.equal(masking().mask('https://user:pa55@host/x'), 'https://user:***@host/x');
  });
  it('leaves short secrets alone when told to', () => {
    const masker = createMasker(6);
    masker.add('abcde');
    assert.equal(masker.mask('abcde'), 'abcde');
  });
  it('never shows a secret, whatever stands around it', () => {
    const texts = fc.string();
    fc.assert(
      fc.property(
        fc.string({ minLength: 4 }).filter((secret) => !/^\*+$/.test(secret) && !'***'.includes(secret)),
        texts,
        texts,
        (secret, before, after) => {
          const masked = masking(secret).mask(before + secret + after);
          return !masked.split('***').join('\0').includes(secret);
        },
      ),
    );
  });
});
