import assert from 'node:assert/strict';
import { jobsOf, problemsIn, read, scriptsOf, variablesOf } from './reading.ts';

describe('templates', () => {
  it('are found relative to the file that names them, or to the repository', async () => {
    const plan = await read({
      'main.yml': 'steps:\n- template: a/one.yml\n- template: /shared/three.yml@self\n',
      'a/one.yml': 'steps:\n- script: one\n- template: ../b/two.yml\n',
      'b/two.yml': 'steps:\n- script: two\n- template: /shared/three.yml\n',
      'shared/three.yml': 'steps:\n- script: three\n',
    });
    assert.deepEqual(scriptsOf(plan), ['one', 'two', 'three', 'three']);
  });

  it('give stages, jobs, steps and variables', async () => {
    const plan = await read({
      'main.yml':
        'variables:\n- template: v.yml\n  parameters: {who: me}\n- name: last\n  value: ${{ variables.first }}!\nstages:\n- template: s.yml\n  parameters: {names: [A, B]}\n',
      'v.yml': 'parameters:\n- name: who\nvariables:\n  first: hello ${{ parameters.who }}\n',
      's.yml':
        'parameters:\n- name: names\n  type: object\nstages:\n- ${{ each name in parameters.names }}:\n  - stage: ${{ name }}\n    jobs:\n    - template: j.yml\n      parameters: {stage: "${{ name }}"}\n',
      'j.yml':
        'parameters:\n  stage: none\njobs:\n- job: Build\n  steps:\n  - script: ${{ parameters.stage }} ${{ variables.last }}\n',
    });
    assert.deepEqual(variablesOf(plan), { first: 'hello me', last: 'hello me!' });
    assert.deepEqual(scriptsOf(plan), ['A hello me!', 'B hello me!']);
  });

  it('see their own parameters only', async () => {
    const plan = await read({
      'main.yml': 'parameters:\n- name: p\n  default: outer\nsteps:\n- template: t.yml\n',
      't.yml': 'steps:\n- script: "[${{ parameters.p }}]"\n',
    });
    assert.deepEqual(scriptsOf(plan), ['[]']);
  });

  it('can be the whole pipeline, with steps handed in', async () => {
    const plan = await read({
      'main.yml':
        'variables:\n  outer: 1\nextends:\n  template: base.yml\n  parameters:\n    build:\n    - script: mine ${{ variables.outer }}\n    - template: more.yml\n',
      'base.yml':
        'parameters:\n- name: build\n  type: stepList\nvariables:\n  inner: 2\nname: from base\nstages:\n- stage: S\n  jobs:\n  - job: J\n    steps:\n    - script: before ${{ variables.inner }}\n    - ${{ parameters.build }}\n',
      'more.yml': 'steps:\n- script: more\n',
    });
    assert.deepEqual(scriptsOf(plan), ['before 2', 'mine 1', 'more']);
    assert.deepEqual(variablesOf(plan), { outer: '1', inner: '2' });
    assert.equal(plan.name, 'from base');
  });

  it('point to the file where the mistake was written', async () => {
    const problems = await problemsIn({
      'main.yml':
        'steps:\n- template: t.yml\n  parameters:\n    steps:\n    - script: a\n      displayNam: x\n',
      't.yml':
        'parameters:\n- name: steps\n  type: stepList\nsteps:\n- scrip: b\n- ${{ parameters.steps }}\n',
    });
    assert.equal(problems.length, 2);
    assert.match(
      problems[0] ?? '',
      /^t.yml:5:3 The step 'scrip' is not known here. \| Did you mean 'script'\?/,
    );
    assert.match(
      problems[1] ?? '',
      /^main.yml:6:7 A step: the key 'displayNam' is not known here. \| Did you mean 'displayName'\?/,
    );
  });

  it('name parameters that are missing, unknown or of the wrong kind', async () => {
    const problems = await problemsIn({
      'main.yml': 'steps:\n- template: t.yml\n  parameters:\n    cuont: 1\n    flag: maybe\n',
      't.yml': 'parameters:\n- name: count\n  type: number\n- name: flag\n  type: boolean\nsteps: []\n',
    });
    assert.deepEqual(
      problems.map((problem) => problem.split(' | ')[0]),
      [
        "main.yml:2:13 The parameter 'count' needs a value.",
        "main.yml:4:5 The parameter 'cuont' is not known here.",
        "main.yml:5:11 The parameter 'flag' (boolean) cannot be 'maybe'.",
      ],
    );
  });

  it('that include themselves are stopped with the way they took', async () => {
    const problems = await problemsIn({
      'main.yml': 'steps:\n- template: a.yml\n',
      'a.yml': 'steps:\n- template: b.yml\n',
      'b.yml': 'steps:\n- script: x\n- template: a.yml\n',
    });
    assert.deepEqual(problems, [
      'b.yml:3:13 The template includes itself without end: a.yml > b.yml > a.yml.',
    ]);
  });

  it('may include themselves when that ends', async () => {
    const plan = await read({
      'main.yml': 'steps:\n- template: a.yml\n  parameters: {rest: [x, y, z]}\n',
      'a.yml':
        'parameters:\n- name: rest\n  type: object\nsteps:\n- script: ${{ parameters.rest[0] }}\n- ${{ if gt(length(parameters.rest), 1) }}:\n  - template: a.yml\n    parameters:\n      rest:\n      - ${{ each item in parameters.rest }}:\n        - ${{ if ne(item, parameters.rest[0]) }}:\n          - ${{ item }}\n',
    });
    assert.deepEqual(scriptsOf(plan), ['x', 'y', 'z']);
  });

  it('that never come to an end by growing are stopped, too', async () => {
    const again = "- template: a.yml\n  parameters: {n: 'x${{ parameters.n }}'}\n";
    const source = (times: number) => ({
      'main.yml': 'steps:\n- template: a.yml\n',
      'a.yml': `parameters:\n- name: n\n  default: ''\nsteps:\n${again.repeat(times)}`,
    });
    const [once] = await problemsIn(source(1));
    assert.match(once ?? '', /^a.yml:5:13 Templates may nest at most 100 deep: ... > a.yml/);
    const [often] = await problemsIn(source(3));
    assert.match(often ?? '', /grows past 100000 parts here/);
  });

  it('must exist, inside the repository, and be of the right kind', async () => {
    const problems = await problemsIn({
      'main.yml':
        'steps:\n- template: no.yml\n- template: ../out.yml\n- template: $(x).yml\n- template: a.yml@other\n- template: jobs.yml\n- template: list.yml\n',
      'jobs.yml': 'jobs: []\n',
      'list.yml': '- script: a\n',
    });
    assert.deepEqual(
      problems
        .filter((problem) => problem.startsWith('main.yml'))
        .map((problem) => problem.slice(9).split(/ \(| repository /)[0]),
      [
        "2:13 The template 'no.yml' does not exist",
        "3:13 The template '../out.yml' lies outside the",
        "4:13 The template '$(x).yml' does not exist",
        '5:13 A template from another',
      ],
    );
    assert.match(
      problems.find((problem) => problem.startsWith('jobs.yml')) ?? '',
      /jobs.yml:1:1 The template 'jobs.yml': the key 'jobs' is not known here/,
    );
    assert.match(
      problems.find((problem) => problem.startsWith('list.yml')) ?? '',
      /list.yml:1:1 The template 'list.yml' must be a map/,
    );
  });

  it('keep names unique across files', async () => {
    const problems = await problemsIn({
      'main.yml': 'jobs:\n- template: j.yml\n- template: j.yml\n',
      'j.yml': 'jobs:\n- job: A\n  steps: []\n',
    });
    assert.match(problems[0] ?? '', /^j.yml:2:8 There is already a job 'A' in .*j.yml:2/);
    assert.deepEqual(
      jobsOf(
        await read({
          'main.yml': 'jobs:\n- template: j.yml\n- template: j.yml\n',
          'j.yml': 'jobs:\n- job:\n  steps: []\n',
        }),
      ).map(({ name }) => name),
      ['Job1', 'Job2'],
    );
  });
});
