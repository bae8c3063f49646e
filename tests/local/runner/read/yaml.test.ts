import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPipeline } from '../../../../local/runner/read/index.ts';
import { Problem } from '../../../../shared/problem/index.ts';
import { problemsIn } from './reading.ts';

const CASES: readonly [string, string, RegExp][] = [
  ['tabs', 'steps:\n\t- script: a\n', /^main.yml:2:1 This is not YAML: .*tab.* \| Indent with spaces/i],
  ['an unclosed list', 'steps: [a\n', /^main.yml:2:1 This is not YAML/],
  ['an unclosed quote', 'name: "x\nsteps: []\n', /^main.yml:\d+:\d+ This is not YAML/],
  ['anchors', 'steps: &a\n- script: x\n', /^main.yml:2:1 Azure Pipelines does not read YAML anchors and aliases/],
  ['aliases', 'x: *a\nsteps: []\n', /^main.yml:1:4 .*(anchors and aliases|not YAML)/],
  ['tags', 'steps: !!set {a}\n', /^main.yml:1:\d+ Azure Pipelines does not read YAML tags/],
  ['complex keys', '? [a, b]\n: c\nsteps: []\n', /^main.yml:1:1 A key must be plain text/],
  ['braces without a dollar', 'steps:\n- script: {{ x }}\n', /^main.yml:2:\d+ A key must be plain text/],
  ['two documents', 'steps: []\n---\nsteps: []\n', /^main.yml:2:1 A pipeline file holds one YAML document/],
  ['deep nesting', `${'['.repeat(300)}${']'.repeat(300)}\n`, /nests deeper than 100 levels/],
  ['an alias bomb', `a: &a [x]\n${'bcdefghij'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdefghij'[at]},`.repeat(9)}]`).join('\n')}\nsteps: []\n`, /^main.yml:1:\d+ Azure Pipelines does not read YAML anchors/],
]; // prettier-ignore

describe('YAML that Azure Pipelines does not read', () => {
  for (const [what, text, expected] of CASES) {
    it(`${what} are named with line and column`, async () => {
      assert.match((await problemsIn(text))[0] ?? 'nothing', expected);
    });
  }

  it('a file that is missing, a folder, too large or not text is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yaml-'));
    try {
      writeFileSync(join(folder, 'large.yml'), `steps: []\n#${'x'.repeat(1_100_000)}\n`);
      writeFileSync(join(folder, 'binary.yml'), Buffer.from([0x73, 0xff, 0xfe, 0x00]));
      const words = async (file: string) =>
        messageOf(await readPipeline({ file, predefined: {} }).catch((error: unknown) => error));
      assert.match(await words(join(folder, 'none.yml')), /cannot be read: it does not exist/);
      assert.match(await words(folder), /cannot be read: it is a folder/);
      assert.match(
        await words(join(folder, 'large.yml')),
        /has 11\d+ bytes; a pipeline file may have 1048576/,
      );
      assert.match(await words(join(folder, 'binary.yml')), /cannot be read: it is not UTF-8 text/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function messageOf(error: unknown): string {
  assert.ok(error instanceof Problem && error.place?.file, String(error));
  return error.message;
}
