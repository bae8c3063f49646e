import assert from 'node:assert/strict';
import { judgeAnswer } from '../../../../shared/rollout/smoke/judge.ts';
import { readSmokeTest } from '../../../../shared/rollout/smoke/read.ts';
import type { Probe, SmokeTest } from '../../../../shared/rollout/smoke/smokeTest.ts';
import { Problem, Problems } from '../../../../shared/problem/index.ts';

const FILES: Record<string, string> = {
  'sample.json': '{"data": [[1, 2]]}',
  'answer.schema.yml': 'type: array\nitems: { type: number }\n',
  'broken.json': '{',
};

function read(text: string): SmokeTest {
  return readSmokeTest(text, {
    file: 'smoke-test.yml',
    readNeighbour: (file) => {
      const content = FILES[file];
      if (content === undefined) throw new Error(`no such file: ${file}`);
      return Buffer.from(content);
    },
  });
}

/** `line:column message next` of every complaint. */
function complaints(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    const problems = error instanceof Problems ? error.all : [error];
    return problems.map((problem) => {
      assert.ok(problem instanceof Problem, String(problem));
      assert.equal(problem.place?.file, 'smoke-test.yml');
      return [`${problem.place.line}:${problem.place.column}`, problem.message, problem.next]
        .filter(Boolean)
        .join(' ');
    });
  }
}

function judge(expect: string, answer: { status?: number; latencyInMs?: number; body?: string }): Probe {
  const [request] = read(`requests:\n  - expect: ${expect}\n`).requests;
  return judgeAnswer(request!, { status: 200, latencyInMs: 5, body: '', ...answer });
}

describe('A smoke test file', () => {
  it('is read with everything it may say', () => {
    const test = read(`
name: patients
headers: { x-team: risk }
requests:
  - name: one patient
    method: POST
    path: /score
    headers: { X-Case: 7 }
    body: { data: [[0.1, 0.2]] }
    expect:
      status: [200, 201]
      maxLatencyInMs: 500
      schema: { type: array }
      values:
        - { path: '$[0]', equals: 152.1, tolerance: 2 %, min: 0, max: 400 }
  - bodyFile: sample.json
    expect: { schemaFile: answer.schema.yml }
`);
    const [first, second] = test.requests;
    assert.deepEqual(first?.headers, { 'content-type': 'application/json', 'x-team': 'risk', 'x-case': '7' });
    assert.equal(first?.body?.toString(), '{"data":[[0.1,0.2]]}');
    assert.deepEqual(first?.expect.statuses, [200, 201]);
    assert.equal(second?.name, 'POST scoring path');
    assert.equal(second?.body?.toString(), FILES['sample.json']);
    assert.deepEqual(second?.expect.schema?.(['x']), ['/0 must be number']);
    assert.match(test.hash, /^[0-9a-f]{64}$/);
  });

  it('has another hash when a file it names has other content, and the same after reformatting', () => {
    const plain = 'requests: [{ bodyFile: sample.json, expect: { status: 200 } }]';
    const { hash } = read(plain);
    assert.equal(read(`# comment\n${plain}`).hash, hash);
    const before = FILES['sample.json']!;
    FILES['sample.json'] = '{}';
    assert.notEqual(read(plain).hash, hash);
    FILES['sample.json'] = before;
    assert.notEqual(read('requests: [{ bodyFile: sample.json, expect: { status: 201 } }]').hash, hash);
  });

  it('is refused with line, column and a suggestion for every mistake at once', () => {
    assert.deepEqual(
      complaints(`requests:
  - name: a
    boddy: 1
    expect:
      statuss: 200
  - expect:
      status: 99
      maxLatencyInMs: fast
`),
      [
        "3:5 'boddy' is not known in 'requests'. Did you mean 'body'?",
        "5:7 'statuss' is not known in 'expect'. Did you mean 'status'?",
        '7:7 A status is a whole number from 100 to 599, or a list of them.',
        "8:7 'maxLatencyInMs' must be number.",
      ],
    );
  });

  for (const [what, text, complaint] of [
    ['no requests', 'requests: []', /^1:1 'requests' must NOT have fewer than 1 items/],
    ['an empty file', '', /^1:1 'the smoke test' must be object/],
    ['broken YAML', 'requests: [', /^1:12 This is not YAML/],
    [
      'a key written twice',
      'requests: [{}]\nrequests: [{}]',
      /^2:1 This is not YAML: Map keys must be unique/,
    ],
    [
      'two bodies',
      'requests:\n  - body: 1\n    bodyFile: sample.json',
      /^2:5 Give either 'body' or 'bodyFile'/,
    ],
    [
      'a body of a GET',
      'requests:\n  - { method: GET, body: 1 }',
      /^2:5 A GET, HEAD or OPTIONS request has no body/,
    ],
    ['an unknown method', 'requests:\n  - method: SEND', /^2:5 'method' is one of GET, POST/],
    ['a foreign address', 'requests:\n  - path: //example.com/score', /^2:5 A path starts with one '\/'/],
    ['a missing file', 'requests:\n  - bodyFile: gone.json', /^2:5 'gone.json' cannot be read: no such file/],
    [
      'a broken schema file',
      'requests:\n  - expect:\n      schemaFile: broken.json',
      /^3:7 'broken.json' cannot be read/,
    ],
    [
      'no JSON Schema',
      'requests:\n  - expect:\n      schema: { type: numbre }',
      /^3:7 This is no JSON Schema/,
    ],
    [
      'no JSONPath',
      "requests:\n  - expect:\n      values:\n        - path: '$[x'\n",
      /^4:11 '\$\[x' is no JSONPath.*RFC 9535/,
    ],
    [
      'a tolerance of nothing',
      'requests:\n  - expect:\n      values: [{ path: $, tolerance: 1 }]',
      /'equals'/,
    ],
    [
      'an odd tolerance',
      'requests:\n  - expect:\n      values: [{ path: $, equals: 1, tolerance: 2 kg }]',
      /A tolerance is/,
    ],
    [
      'no regular expression',
      "requests:\n  - expect:\n      values: [{ path: $, matches: '(' }]",
      /format "regex"/,
    ],
  ] as const)
    it(`with ${what} is refused`, () => {
      const [first = ''] = complaints(text);
      assert.match(first, complaint);
    });

  it('that multiplies aliases is refused in no time', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`,
    ).join('\n');
    assert.match(complaints(`l0: &l0 [x]\n${levels}\nrequests: *l9`)[0] ?? '', /cannot be read/);
  });
});

describe('A smoke test', () => {
  it('passes an answer that is as asked', () => {
    const probe = judge('{ maxLatencyInMs: 10, values: [{ path: $.p, equals: 100, tolerance: 1 % }] }', {
      body: '{"p": 101}',
    });
    assert.deepEqual(probe, {
      name: 'POST scoring path',
      passed: true,
      status: 200,
      latencyInMs: 5,
      findings: [],
    });
  });

  for (const [what, expect, answer, finding] of [
    ['another status', '{}', { status: 500, body: 'boom' }, 'Expected status 200, found 500: boom'],
    ['a late answer', '{ maxLatencyInMs: 4 }', {}, 'Expected an answer within 4 ms, found 5 ms.'],
    ['no JSON', '{ schema: true }', { body: '<html>' }, 'Expected JSON, found <html>'],
    ['an empty answer', '{ schema: true }', {}, 'Expected JSON, found an empty answer'],
    [
      'a body that does not fit the schema',
      '{ schema: { type: array, items: { type: number } } }',
      { body: '["x"]' },
      'Expected an answer that fits the schema, found that /0 must be number: ["x"]',
    ],
    [
      'a missing value',
      '{ values: [{ path: $.p }] }',
      { body: '{}' },
      'Expected a value at $.p, found none in {}',
    ],
    [
      'too many values',
      "{ values: [{ path: '$[*]', count: 1 }] }",
      { body: '[1,2]' },
      'Expected 1 values at $[*], found 2 in [1,2]',
    ],
    [
      'a value off by more than the tolerance',
      '{ values: [{ path: $.p, equals: 1, tolerance: 0.1 }] }',
      { body: '{"p":1.2}' },
      'Expected 1 within 0.1 at $.p, found 1.2',
    ],
    [
      'a number off inside a list',
      '{ values: [{ path: $, equals: [1, { a: 2 }], tolerance: 0.1 }] }',
      { body: '[1.05,{"a":2.2}]' },
      'Expected [1,{"a":2}] within 0.1 at $, found [1.05,{"a":2.2}]',
    ],
    [
      'a number that is too small',
      '{ values: [{ path: $, min: 1 }] }',
      { body: '0' },
      'Expected a number of at least 1 at $, found 0',
    ],
    [
      'text where a number is asked for',
      '{ values: [{ path: $, max: 1 }] }',
      { body: '"0"' },
      'Expected a number of at most 1 at $, found "0"',
    ],
    [
      'other text',
      '{ values: [{ path: $, matches: ^ok }] }',
      { body: '"no"' },
      'Expected text that matches ^ok at $, found "no"',
    ],
    [
      'null where a value is asked for',
      '{ values: [{ path: $, equals: 1 }] }',
      { body: 'null' },
      'Expected 1 at $, found null',
    ],
  ] as const)
    it(`fails ${what}, and says what was expected and found`, () => {
      const probe = judge(expect, answer);
      assert.equal(probe.passed, false);
      assert.deepEqual(probe.findings, [finding]);
    });

  it('shows little of a long answer, no secrets, and few of many findings', () => {
    const long = judge('{}', { status: 500, body: `Bearer abcdefghijkl ${'x'.repeat(5000)}` });
    assert.ok((long.findings[0]?.length ?? 0) < 300);
    assert.ok(!long.findings[0]?.includes('abcdefghijkl'));
    const many = judge("{ values: [{ path: '$[*]', equals: 0 }] }", {
      body: JSON.stringify(Array(50).fill(1)),
    });
    assert.equal(many.findings.length, 11);
    assert.equal(many.findings.at(-1), 'And 40 more.');
  });
});
