import assert from 'node:assert/strict';
import { jobsOf, problemsIn, read, scriptsOf, variablesOf } from './reading.ts';

describe('variables', () => {
  it('see the ones before them, in maps and in lists', async () => {
    assert.deepEqual(variablesOf(await read('variables:\n  a: 1\n  b: ${{ variables.a }}2\nsteps: []\n')), {
      a: '1',
      b: '12',
    });
    const list =
      "variables:\n- name: kind\n  value: big\n- ${{ if eq(variables.kind, 'big') }}:\n  - name: size\n    value: 10\n- ${{ else }}:\n  - name: size\n    value: 1\n- name: twice\n  value: ${{ variables.size }}${{ variables.size }}\n  readonly: true\nsteps: []\n";
    const plan = await read(list);
    assert.deepEqual(variablesOf(plan), { kind: 'big', size: '10', twice: '1010' });
    assert.equal(plan.variables.get('twice')?.readOnly, true);
  });

  it('of a job hide those of its stage, and those the pipeline has', async () => {
    const plan = await read(
      'variables: {x: pipeline}\nstages:\n- stage: A\n  variables: {x: stage, y: "of ${{ variables.x }}"}\n  jobs:\n  - job: J\n    variables: [{name: X, value: job}]\n    steps: [{script: "${{ variables.x }} ${{ variables.y }}"}]\n  - job: K\n    steps: [{script: "${{ variables.x }}"}]\n- stage: B\n  jobs:\n  - job: L\n    steps: [{script: "${{ variables.x }}"}]\n',
    );
    assert.deepEqual(scriptsOf(plan), ['job of stage', 'stage', 'pipeline']);
    assert.deepEqual(jobsOf(plan).map(variablesOf), [{ X: 'job' }, {}, {}]);
  });

  it('keep text as it is written', async () => {
    assert.deepEqual(variablesOf(await read("variables:\n  a: 1.10\n  b: yes\n  c: 'x'\n  d: 0x10\n  e:\n  f: 2024-01-01\n  g: null\nsteps: []\n")), {
      a: '1.10', b: 'yes', c: 'x', d: '0x10', e: '', f: '2024-01-01', g: '',
    }); // prettier-ignore
  });

  it('may be run-time expressions, which are checked now', async () => {
    const source = (level: string, expression: string) =>
      `variables:\n  x: ${level === 'pipeline' ? expression : 1}\njobs:\n- job: J\n  variables:\n    y: ${level === 'job' ? expression : 1}\n  steps: []\n`;
    assert.deepEqual(await problemsIn(source('job', "$[ dependencies.A.outputs['s.v'] ]")), []);
    assert.deepEqual(await problemsIn(source('job', "$[ stageDependencies.A.J.outputs['s.v'] ]")), []);
    assert.match(
      (await problemsIn(source('pipeline', '$[ dependencies.A.result ]')))[0] ?? '',
      /^main.yml:2:9 .*'dependencies' is not known here/,
    );
    assert.match(
      (await problemsIn(source('job', '$[ succeeded() ]')))[0] ?? '',
      /^main.yml:6:11 .*succeeded\(\) can be used in conditions only/,
    );
  });

  it('cannot be set for a run when the pipeline sets them', async () => {
    const [problem] = await problemsIn('variables:\n  alpha: 1\nsteps: []\n', { variables: { Alpha: '2' } });
    assert.match(
      problem ?? '',
      /^main.yml:2:10 The variable 'Alpha' cannot be set for a run: the pipeline sets it here. \| Make it a parameter/,
    );
  });

  it('of groups, and twice the same, are refused', async () => {
    assert.deepEqual(await problemsIn('variables:\n- group: secrets\n- name: a\n  valeu: 1\nsteps: []\n'), [
      "main.yml:2:3 The variable group 'secrets' is not supported by the local runner. | Write its variables into the file, or give them with the run.",
      "main.yml:4:3 A variable: the key 'valeu' is not known here. | Did you mean 'value'?",
    ]);
    assert.deepEqual(await problemsIn('variables:\n  a: 1\n  A: 2\nsteps: []\n'), [
      "main.yml:3:3 The variable 'A' is already given in line 2.",
    ]);
  });
});
