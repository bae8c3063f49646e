import assert from 'node:assert/strict';
import fc from 'fast-check';
import { asText, toPlain, toValue } from '../../../../local/runner/expressions/index.ts';
import { Problem } from '../../../../shared/problem/index.ts';
import { quoted, valueOf } from './evaluating.ts';

const scalar = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
  fc.constant(null),
);

describe('laws of expressions', () => {
  it('text keeps its meaning through quoting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(valueOf(quoted(text)), text)),
    );
  });

  it('every scalar equals itself, and ne is the opposite of eq', () => {
    fc.assert(
      fc.property(scalar, scalar, (one, other) => {
        const names = { variables: { one, other } };
        assert.equal(valueOf('eq(variables.one, variables.one)', names), true);
        assert.notEqual(
          valueOf('eq(variables.one, variables.other)', names),
          valueOf('ne(variables.one, variables.other)', names),
        );
      }),
    );
  });

  it('case never matters to a comparison of text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.equal(
          valueOf(`eq(${quoted(text.toLowerCase())}, ${quoted(text.toLowerCase().toUpperCase())})`),
          true,
        );
      }),
    );
  });

  it('numbers written as text compare as the numbers they are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (one, other) => {
        assert.equal(valueOf(`lt(${one}, ${quoted(String(other))})`), one < other);
        assert.equal(valueOf(`ge(${one}, ${quoted(String(other))})`), one >= other);
      }),
    );
  });

  it('a number survives the way to text and back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(1, 10, 1000, 1_000_000), (whole, share) => {
        const number = whole / share;
        const names = { variables: { number, text: asText(number) } };
        assert.equal(valueOf('eq(variables.number, variables.text)', names), true);
      }),
    );
  });

  it('joining what was split gives the text back', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(',', ';', '|'), (text, sign) => {
        assert.equal(valueOf(`join('${sign}', split(${quoted(text)}, '${sign}'))`), text);
      }),
    );
  });

  it('not, and, or and xor agree with logic', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (a, b) => {
        assert.equal(valueOf(`not(and(${a}, ${b}))`), valueOf(`or(not(${a}), not(${b}))`));
        assert.equal(valueOf(`xor(${a}, ${b})`), a !== b);
      }),
    );
  });

  it('JSON keeps its content through convertToJson', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (json) => {
        const normal: unknown = JSON.parse(JSON.stringify(toPlain(toValue(json))));
        assert.deepEqual(
          JSON.parse(String(valueOf('convertToJson(parameters.it)', { parameters: { it: json } }))),
          normal,
        );
      }),
    );
  });

  it('any text gives a value or a problem with a place, never another error', () => {
    const piece = fc.constantFrom(
      'eq',
      'and',
      '(',
      ')',
      ',',
      '[',
      ']',
      '.',
      '*',
      "'",
      'variables',
      '1',
      '1.2.3',
      '-',
      ' ',
      '\n',
      'x',
      '{',
      '$',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
        ),
        (text) => {
          try {
            valueOf(text, { variables: { x: 1 } });
          } catch (error) {
            assert.ok(error instanceof Problem, String(error));
            assert.ok((error.place?.line ?? 0) >= 3 && (error.place?.column ?? 0) >= 1);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
