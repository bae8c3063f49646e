import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Problems } from '../../../../shared/problem/index.ts';
import { read } from './reading.ts';

const SAMPLE = readFileSync(
  new URL('../../../../samples/diabetes/azure-pipelines.yml', import.meta.url),
  'utf8',
);
const LINES = SAMPLE.split('\n');

/** One change somebody might make by accident. */
const accident = fc.record({
  line: fc.nat(LINES.length - 1),
  column: fc.nat(40),
  what: fc.constantFrom('delete', 'double', 'cut', 'indent', 'insert'),
  text: fc.constantFrom(
    '${{ ',
    ' }}',
    ': ',
    '- ',
    "'",
    '[',
    '}',
    '$[ x ]',
    '${{ if true }}:',
    '${{ each x in y }}:',
    '*',
    '&a',
    '\t',
    '#',
    '|',
    '💥',
  ),
});

function damaged(accidents: readonly { line: number; column: number; what: string; text: string }[]): string {
  const lines = [...LINES];
  for (const { line, column, what, text } of accidents) {
    const old = lines[line] ?? '';
    if (what === 'delete') lines.splice(line, 1);
    else if (what === 'double') lines.splice(line, 0, old);
    else if (what === 'cut') lines[line] = old.slice(0, column);
    else if (what === 'indent') lines[line] = `  ${old}`;
    else lines[line] = old.slice(0, column) + text + old.slice(column);
  }
  return lines.join('\n');
}

describe('laws of reading', () => {
  it('a damaged pipeline is read or refused with places, and never ends in another error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(accident, { minLength: 1, maxLength: 4 }), async (accidents) => {
        try {
          await read(damaged(accidents));
        } catch (error) {
          assert.ok(error instanceof Problems, String(error));
          for (const { place } of error.all)
            assert.ok(place?.file && (place.line ?? 0) > 0 && (place.column ?? 0) > 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('text without expressions arrives as it was written', async () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('${{'));
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const plan = await read(`variables:\n  x: ${JSON.stringify(text)}\nsteps: []\n`);
        assert.equal(plan.variables.get('x')?.value.text, text);
      }),
      { numRuns: 200 },
    );
  });
});
