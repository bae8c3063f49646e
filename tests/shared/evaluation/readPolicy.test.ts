import assert from 'node:assert/strict';
import { readPolicy as read, type Policy } from '../../../shared/evaluation/index.ts';
import { Problem, Problems } from '../../../shared/problem/index.ts';

const source = { file: 'evaluation.yml' };

function readPolicy(text: string, from: Parameters<typeof read>[1]): Policy {
  return read(text, from).policy;
}

function complaints(text: string): Problem[] {
  try {
    readPolicy(text, source);
  } catch (error) {
    if (error instanceof Problem) return [error];
    if (error instanceof Problems) return [...error.all];
    throw error;
  }
  return assert.fail('the policy was accepted');
}

function only(text: string): Problem {
  const all = complaints(text);
  assert.equal(all.length, 1, all.map(({ message }) => message).join('\n'));
  return all[0]!;
}

describe('A policy', () => {
  it('is read with everything it may say', () => {
    const policy = readPolicy(
      `
$schema: https://example.org/policy.schema.json
name: diabetes
description: When a regression model may go live
metrics:
  test_rmse:
    direction: lower
    max: 70
    min: 0
    change: { gain: 1%, tolerance: 0.5 }
  test_r2: { direction: higher, change: { tolerance: 0.5 % }, blocking: false }
  latency_ms: { max: 1.5e2 }
withoutChampion: fail
whenInconclusive: pass
sameData: required
dataInputs: [test_data]
rowsMetric: test_rows
`,
      source,
    );
    assert.deepEqual(policy, {
      name: 'diabetes',
      description: 'When a regression model may go live',
      metrics: [
        {
          name: 'test_rmse',
          direction: 'lower',
          min: 0,
          max: 70,
          gain: { percent: 1 },
          tolerance: { absolute: 0.5 },
          blocking: true,
        },
        { name: 'test_r2', direction: 'higher', tolerance: { percent: 0.5 }, blocking: false },
        { name: 'latency_ms', max: 150, blocking: true },
      ],
      withoutChampion: 'fail',
      whenInconclusive: 'pass',
      sameData: 'required',
      dataInputs: ['test_data'],
      rowsMetric: 'test_rows',
    });
  });

  it('that says only what it must is filled with the strict defaults', () => {
    assert.deepEqual(readPolicy('metrics: {auc: {direction: higher}}', source), {
      metrics: [{ name: 'auc', direction: 'higher', blocking: true }],
      withoutChampion: 'pass',
      whenInconclusive: 'fail',
      sameData: 'checked',
      dataInputs: [],
    });
  });

  it('may begin with a byte order mark and end its lines as Windows does', () => {
    const policy = readPolicy('\ufeffmetrics:\r\n  auc:\r\n    direction: higher\r\n', source);
    assert.equal(policy.metrics[0]?.direction, 'higher');
  });

  it('may be JSON, and may share values by anchors', () => {
    assert.equal(readPolicy('{"metrics": {"auc": {"direction": "higher"}}}', source).metrics.length, 1);
    const shared = readPolicy('metrics:\n  a: &strict {direction: higher}\n  b: *strict\n', source);
    assert.deepEqual(
      shared.metrics.map(({ name, direction }) => [name, direction]),
      [
        ['a', 'higher'],
        ['b', 'higher'],
      ],
    );
  });

  const refused: [
    what: string,
    text: string,
    at: [line: number, column: number],
    message: RegExp,
    next?: RegExp,
  ][] = [
    [
      'an unknown word on top',
      'metric:\n  a: {min: 1}\nmetrics:\n  a: {min: 1}',
      [1, 1],
      /unknown word 'metric'/,
      /'metrics'/,
    ],
    [
      'an unknown word of a metric',
      'metrics:\n  a:\n    direktion: higher\n    min: 1',
      [3, 5],
      /metric 'a' .*'direktion'/,
      /'direction'/,
    ],
    [
      'an unknown word of a change',
      'metrics:\n  a:\n    direction: lower\n    change: {tolerence: 1}',
      [4, 14],
      /'tolerence'/,
      /'tolerance'/,
    ],
    [
      'a wrong direction word',
      'metrics:\n  a:\n    direction: minimize',
      [3, 16],
      /'direction'.*'minimize'/,
      /'lower'/,
    ],
    ['a misspelt direction word', 'metrics: {a: {direction: hihger}}', [1, 26], /'hihger'/, /'higher'/],
    ['NaN as a limit', 'metrics:\n  a:\n    min: .nan', [3, 10], /'min' must be a finite number, not NaN/],
    ['infinity as a limit', 'metrics: {a: {max: .inf}}', [1, 20], /'max'.*Infinity/],
    ['a number too large to hold', 'metrics: {a: {max: 1e999}}', [1, 20], /'max'.*Infinity/],
    ['text where a number belongs', 'metrics: {a: {max: "70"}}', [1, 20], /'max'.*'70'/],
    [
      'a negative tolerance',
      'metrics: {a: {direction: lower, change: {tolerance: -1}}}',
      [1, 53],
      /not negative.*-1/,
    ],
    ['a negative percentage', 'metrics: {a: {direction: lower, change: {gain: -1%}}}', [1, 48], /'-1%'/],
    ['a gain that is no number', 'metrics: {a: {direction: lower, change: {gain: lots}}}', [1, 48], /'lots'/],
    [
      'a change without direction',
      'metrics:\n  a:\n    change: {gain: 1}',
      [3, 5],
      /without saying which values are better/,
    ],
    ['an empty change', 'metrics: {a: {direction: lower, change: {}}}', [1, 33], /asks for nothing/],
    ['a change that is no map', 'metrics: {a: {direction: lower, change: 1}}', [1, 41], /must be a map/],
    ['limits that exclude each other', 'metrics:\n  a:\n    min: 2\n    max: 1', [3, 5], /min above its max/],
    [
      'a blocking metric that asks for nothing',
      'metrics:\n  a: {blocking: true}',
      [2, 3],
      /asks for nothing/,
    ],
    ['a policy without metrics', 'name: x', [1, 1], /no 'metrics'/],
    ['a policy with an empty map of metrics', 'metrics: {}', [1, 1], /No metric of the policy blocks/],
    [
      'a policy that blocks nothing',
      'metrics:\n  a: {min: 1, blocking: false}',
      [1, 1],
      /No metric of the policy blocks/,
    ],
    ['a metric without a map', 'metrics:\n  a: higher', [2, 6], /must be a map/],
    ['a metric with nothing', 'metrics:\n  a:\n', [2, 5], /must be a map/],
    ['a list of metrics', 'metrics:\n  - a', [2, 3], /must be a map/],
    ['an empty file', '', [1, 1], /must be a map/],
    ['plain text', 'better is better', [1, 1], /must be a map/],
    ['a word for yes', 'metrics: {a: {min: 1, blocking: yes}}', [1, 33], /true or false, not 'yes'/],
    [
      'an unknown answer without champion',
      'withoutChampion: warn\nmetrics: {a: {min: 1}}',
      [1, 18],
      /'withoutChampion' cannot be 'warn'/,
      /pass, fail/,
    ],
    [
      'an unknown rule about data',
      'sameData: true\nmetrics: {a: {min: 1}}',
      [1, 11],
      /'sameData' cannot be true/,
    ],
    ['data inputs that are no list', 'dataInputs: test\nmetrics: {a: {min: 1}}', [1, 13], /must be a list/],
    ['a duplicate metric', 'metrics:\n  a: {min: 1}\n  a: {min: 0}', [3, 3], /unique/i, /once/],
    ['broken YAML', 'metrics: {a: {min: 1}', [1, 22], /cannot be read as YAML/],
    [
      'two documents',
      'metrics: {a: {min: 1}}\n---\nmetrics: {a: {min: 0}}',
      [2, 1],
      /cannot be read as YAML/,
    ],
  ];
  for (const [what, text, [line, column], message, next] of refused) {
    it(`with ${what} is refused at its place`, () => {
      const problem = only(text);
      assert.match(problem.message, message);
      assert.deepEqual(problem.place, { file: 'evaluation.yml', line, column });
      assert.equal(problem.code, 'file');
      if (next) assert.match(problem.next ?? '', next);
    });
  }

  it('that asks for slices or intervals is told they are not offered, not that it is misspelt', () => {
    const problem = only('metrics:\n  a:\n    min: 1\n    slices: {by: sex}');
    assert.equal(problem.code, 'unsupported');
    assert.match(problem.message, /'slices', which is not offered yet/);
    assert.deepEqual(problem.place, { file: 'evaluation.yml', line: 4, column: 5 });
  });

  it('with several mistakes is told all of them at once', () => {
    const all = complaints(
      'metrics:\n  a: {direction: up, maks: 2}\n  b: {min: x}\nwhenInconclusive: maybe\n',
    );
    assert.deepEqual(
      all.map(({ place }) => place?.line),
      [2, 2, 3, 4],
    );
  });

  it('given as an input names the input', () => {
    assert.throws(
      () => readPolicy('metric: {}', { input: 'policy' }),
      (error) =>
        error instanceof Problems &&
        error.all.every(
          ({ code, place }) => code === 'input' && place?.input === 'policy' && place.line === 1,
        ),
    );
  });

  it('that multiplies aliases is read in no time or refused, and never multiplied', () => {
    const layers = Array.from({ length: 40 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}]`);
    assert.ok(complaints(`l0: &l0 x\n${layers.join('\n')}\nmetrics: *l40\n`).length > 0);
  });

  it('of more than a million characters is refused', () => {
    assert.match(only(`# ${'x'.repeat(1_000_001)}`).message, /more than a million characters/);
  });
});
