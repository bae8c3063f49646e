import assert from 'node:assert/strict';
import { emitYaml } from '../../../../shared/azureml/yaml/document/emit.ts';
import { readYaml } from '../../../../shared/azureml/yaml/index.ts';

/** Source text and what `yaml.dump(yaml.safe_load(text), sort_keys=True)` of PyYAML 6.0.3 writes for it. */
const CASES: readonly [string, string, string][] = [
  [
    'sorts keys and does not indent lists under them',
    'name: e\ndependencies: [python=3.9, {pip: [a, b]}]',
    'dependencies:\n- python=3.9\n- pip:\n  - a\n  - b\nname: e\n',
  ],
  [
    'quotes text that would read back as something else',
    'a: "1"\nb: "on"\nc: "2020-01-01"\nd: ""\ne: "~"\nf: "1.0"',
    "a: '1'\nb: 'on'\nc: '2020-01-01'\nd: ''\ne: '~'\nf: '1.0'\n",
  ],
  [
    'quotes text with indicators',
    'a: "x: y"\nb: "#x"\nc: "- x"\nd: "it\'s"\ne: "@x"\nf: "x #y"',
    "a: 'x: y'\nb: '#x'\nc: '- x'\nd: it's\ne: '@x'\nf: 'x #y'\n",
  ],
  [
    'writes numbers, truth values and nothing in their plain forms',
    'a: 0x10\nb: 1.50\nc: yes\nd:\ne: .inf\nf: 1.0e+20',
    'a: 16\nb: 1.5\nc: true\nd: null\ne: .inf\nf: 1.0e+20\n',
  ],
  ['escapes what is not ASCII', 'é: "ü😀"', '"\\xE9": "\\xFC\\U0001F600"\n'],
  [
    'folds long text at spaces past column 80',
    `a: ${'word '.repeat(20).trim()}`,
    `a: ${'word '.repeat(16).trim()}\n  ${'word '.repeat(4).trim()}\n`,
  ],
  ['writes line breaks in quotes', 'a: "x\\ny"\nb: "x\\n"', "a: 'x\n\n  y'\nb: 'x\n\n  '\n"],
  ['names what aliases share', 'a: &x [1]\nb: *x', 'a: &id001\n- 1\nb: *id001\n'],
  [
    'writes empty collections and lists in lists',
    'a: []\nb: {}\nc: [[1, 2], []]',
    'a: []\nb: {}\nc:\n- - 1\n  - 2\n- []\n',
  ],
];

describe('a tree as PyYAML would write it', () => {
  for (const [name, source, expected] of CASES) {
    it(name, () => assert.equal(emitYaml(readYaml(source, 'x.yml').root), expected));
  }

  it('reads back as the same text when it is written again', () => {
    for (const [, source] of CASES) {
      const once = emitYaml(readYaml(source, 'x.yml').root);
      assert.equal(emitYaml(readYaml(once, 'x.yml').root), once);
    }
  });
});
