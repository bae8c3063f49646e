import assert from 'node:assert/strict';
import { readYaml, readYamlFile, type YamlNode } from '../../../../shared/azureml/yaml/index.ts';
import { Problem, Problems } from '../../../../shared/problem/index.ts';

/** The one value of `v: <text>`, as type and value. */
function valueOf(text: string): [string, unknown] {
  const { root } = readYaml(`v: ${text}\n`, 'x.yml');
  const node = root.kind === 'map' ? root.entries.get('v')!.value : root;
  assert.equal(node.kind, 'scalar');
  return node.kind === 'scalar' ? [node.type, node.value] : ['', undefined];
}

function plain(node: YamlNode): unknown {
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'map')
    return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
  return node.type === 'int' ? Number(node.value) : node.value;
}

function refusal(text: string): Problem {
  try {
    readYaml(text, 'x.yml');
  } catch (error) {
    if (error instanceof Problems) return error.all[0]!;
    assert.ok(error instanceof Problem, String(error));
    return error;
  }
  return assert.fail('nothing was refused');
}

describe('scalars mean what PyYAML takes them for', () => {
  const cases: Record<string, [string, unknown]> = {
    '2e-5': ['str', '2e-5'],
    '1e5': ['str', '1e5'],
    '1.0e-5': ['float', 1e-5],
    '1.5e5': ['str', '1.5e5'],
    '1.': ['float', 1],
    '.5': ['float', 0.5],
    '-.inf': ['float', -Infinity],
    '1_000.5': ['float', 1000.5],
    on: ['bool', true],
    No: ['bool', false],
    y: ['str', 'y'],
    TRUE: ['bool', true],
    tRue: ['str', 'tRue'],
    '010': ['int', 8n],
    '0o10': ['str', '0o10'],
    '0x1F': ['int', 31n],
    '0b101': ['int', 5n],
    '09': ['str', '09'],
    '1_000': ['int', 1000n],
    '1:30': ['int', 90n],
    '1:30.5': ['float', 90.5],
    '12345678901234567890': ['int', 12345678901234567890n],
    '~': ['null', null],
    Null: ['null', null],
    '': ['null', null],
    '2020-01-02': ['date', '2020-01-02'],
    '2020-01-02T03:04:05Z': ['date', '2020-01-02 03:04:05+00:00'],
    '2020-1-2': ['str', '2020-1-2'],
    '"1"': ['str', '1'],
    "'on'": ['str', 'on'],
    '!!str 1': ['str', '1'],
    '!!float 1': ['float', 1],
    '! 1': ['int', 1n],
    '! "1"': ['str', '1'],
    '1.2.3': ['str', '1.2.3'],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`${text || 'nothing'} is ${expected[0]} ${String(expected[1])}`, () =>
      assert.deepEqual(valueOf(text), expected));
  }
});

describe('reading a file', () => {
  it('keeps the place of every key and value', () => {
    const { root } = readYaml('a: 1\nb:\n  - c: x\n', 'job.yml');
    assert.ok(root.kind === 'map');
    const b = root.entries.get('b')!;
    assert.deepEqual(b.key.at, { file: 'job.yml', line: 2, column: 1 });
    assert.ok(b.value.kind === 'list');
    assert.deepEqual(b.value.items[0]!.at, { file: 'job.yml', line: 3, column: 5 });
  });

  it('takes the last of two equal keys and warns with both places', () => {
    const { root, warnings } = readYaml('a: 1\nb: 2\na: 3\n', 'x.yml');
    assert.deepEqual(plain(root), { b: 2, a: 3 });
    assert.deepEqual(warnings, [
      {
        message: "The key 'a' is written twice, first in line 1; the last one counts.",
        place: { file: 'x.yml', line: 3, column: 1 },
      },
    ]);
  });

  it('follows aliases and merge keys, whose keys give way to the mapping’s own', () => {
    const text =
      'base: &b {x: 1, y: 2}\nmore: &m {x: 5, z: 6}\none:\n  <<: *b\n  y: 3\ntwo:\n  <<: [*m, *b]\nthree: *b\n';
    assert.deepEqual(plain(readYaml(text, 'x.yml').root), {
      base: { x: 1, y: 2 },
      more: { x: 5, z: 6 },
      one: { x: 1, y: 3 },
      two: { x: 5, y: 2, z: 6 },
      three: { x: 1, y: 2 },
    });
  });

  it('lets a quoted text go on at any column, but not over the end of the document', () => {
    const text = 'a:\n  b: "one\n\n two \\\n\tthree"\n  c: \'x\ny\'\n  d: plain\n';
    assert.deepEqual(plain(readYaml(text, 'x.yml').root), {
      a: { b: 'one\ntwo three', c: 'x y', d: 'plain' },
    });
    assert.match(refusal('a: "one\n---\ntwo"\n').message, /not valid YAML/);
  });

  it('reports every syntax error with its place', () => {
    assert.throws(
      () => readYaml('a: [1, 2\nb: "x\n', 'x.yml'),
      (error) =>
        (error instanceof Problems ? error.all : [error]).every(
          (problem) => problem instanceof Problem && problem.place?.line,
        ),
    );
  });

  it('refuses a tab where YAML wants spaces, and says where', () => {
    const problem = refusal('a:\n\tb: 1\n');
    assert.equal(problem.place?.line, 2);
    assert.match(problem.message, /not valid YAML/);
  });

  it('refuses a second document', () =>
    assert.match(refusal('a: 1\n---\nb: 2\n').message, /more than one document/));

  it('refuses a tag that is not one of YAML’s own', () =>
    assert.match(refusal('a: !secret x\n').message, /'!secret'/));

  it('refuses a date that does not exist', () =>
    assert.match(refusal('a: 2020-02-31\n').message, /no such day/));

  it('refuses an alias that points at nothing or contains itself', () => {
    assert.match(refusal('a: *b\n').message, /alias/i);
    assert.match(refusal('a: &a [*a]\n').message, /contains itself/);
  });

  it('says that a file is missing, a folder, or not UTF-8', () => {
    assert.throws(() => readYamlFile('/nowhere/job.yml'), {
      code: 'file',
      message: 'There is no such file.',
    });
    assert.throws(() => readYamlFile('/'), { code: 'file' });
  });
});

describe('files made to hurt', () => {
  const within = (limitInMs: number, act: () => void) => {
    const start = performance.now();
    act();
    assert.ok(performance.now() - start < limitInMs, `took ${performance.now() - start} ms`);
  };

  it('an alias bomb is refused by name at once', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1)
      lines.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}*a${level - 1}]`);
    within(5000, () =>
      assert.match(refusal(lines.join('\n')).message, /aliases .* more than 100 expansions/),
    );
  });

  it('so is a file of half a million aliases', () => {
    const text = `a: &a 1\nb:\n${'- *a\n'.repeat(500_000)}`;
    within(5000, () => assert.match(refusal(text).message, /aliases .* more than 100 expansions/));
    assert.doesNotThrow(() => readYaml(`a: &a 1\nb: [${'*a, '.repeat(100)}"*a", x * a]\n`, 'x.yml'));
  });

  it('more than 4 MB are refused by name', () => {
    assert.match(refusal(`a: ${'x'.repeat(4 * 1024 * 1024)}`).message, /at most 4194304 \(4 MB\)/);
  });

  it('more than 200 levels are refused by name, in flow and in block style', () => {
    assert.match(refusal(`a: ${'['.repeat(100_000)}`).message, /more than 200 levels/);
    const block = Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}k:`).join('\n');
    assert.match(refusal(block).message, /more than 200 levels/);
  });

  it('200 levels are read', () => {
    assert.doesNotThrow(() => readYaml(`${'['.repeat(199)}${']'.repeat(199)}`, 'x.yml'));
  });
});
