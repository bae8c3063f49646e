import assert from 'node:assert/strict';
import { problemsIn, read, scriptsOf } from './reading.ts';

const declared = (lines: string, script = '${{ parameters.p }}') =>
  `parameters:\n- name: p\n${lines}\nsteps:\n- script: "${script}"\n`;

describe('parameters', () => {
  it('have the type that is declared, whatever is given', async () => {
    const given = async (type: string, p: unknown) =>
      scriptsOf(
        await read(declared(`  type: ${type}`, '${{ eq(parameters.p, true) }} ${{ parameters.p }}'), {
          parameters: { p },
        }),
      );
    assert.deepEqual(await given('boolean', 'false'), ['False False']);
    assert.deepEqual(await given('boolean', true), ['True True']);
    assert.deepEqual(await given('string', 'false'), ['False false']);
    assert.deepEqual(await given('number', '0.50'), ['False 0.5']);
    assert.deepEqual(await given('number', 3), ['False 3']);
  });

  it('take lists and maps from a command line as YAML', async () => {
    const source = declared('  type: object', "${{ join('+', parameters.p) }}");
    assert.deepEqual(scriptsOf(await read(source, { parameters: { p: '[a, b]' } })), ['a+b']);
    assert.deepEqual(scriptsOf(await read(source, { parameters: { p: ['c', 'd'] } })), ['c+d']);
  });

  it('fall back to their default and are found without regard to case', async () => {
    assert.deepEqual(scriptsOf(await read(declared('  default: x'))), ['x']);
    assert.deepEqual(scriptsOf(await read(declared('  default: x'), { parameters: { P: 'y' } })), ['y']);
  });

  it('must have a value', async () => {
    assert.match(
      (await problemsIn(declared('  type: string')))[0] ?? '',
      /^main.yml:1:1 The parameter 'p' needs a value. \| It is declared in .*main.yml:2/,
    );
  });

  it('must be what they are declared to be', async () => {
    const wrong = async (lines: string, p: unknown) =>
      (await problemsIn(declared(lines), { parameters: { p } }))[0];
    assert.equal(
      await wrong('  type: number', 'many'),
      "parameter p:1:1 The parameter 'p' (number) cannot be 'many'.",
    );
    assert.equal(
      await wrong('  type: number', ''),
      "parameter p:1:1 The parameter 'p' (number) cannot be ''.",
    );
    assert.equal(
      await wrong('  type: boolean', 'yes'),
      "parameter p:1:1 The parameter 'p' (boolean) cannot be 'yes'.",
    );
    assert.equal(
      await wrong('  type: string', ['a']),
      "parameter p:1:1 The parameter 'p' (string) cannot be a list.",
    );
    assert.equal(
      await wrong('  values: [red, green]', 'gren'),
      "parameter p:1:1 The value of the parameter 'p': 'gren' is not known here. | Did you mean 'green'?",
    );
  });

  it('may be restricted to values, numbers by what they are worth', async () => {
    assert.deepEqual(
      scriptsOf(await read(declared('  type: number\n  values: [1, 2.0]'), { parameters: { p: '2' } })),
      ['2'],
    );
  });

  it('that nobody declared, and types that do not exist, are named', async () => {
    assert.deepEqual(await problemsIn(declared('  default: a'), { parameters: { q: '1' } }), [
      "parameter q:1:1 The parameter 'q' is not known here. | Did you mean 'p'?",
    ]);
    assert.deepEqual(await problemsIn(declared('  type: integer\n  default: 1')), [
      "main.yml:3:9 The parameter type 'integer' is not known here. | Known here: string, number, boolean, environment, filePath, pool, secureFile, serviceConnection, object, step, job, deployment, stage, stepList, jobList, deploymentList, stageList, stringList.",
    ]);
    assert.match(
      (await problemsIn('parameters:\n- name: a\n  default: 1\n- name: A\n  default: 2\nsteps: []\n'))[0] ??
        '',
      /^main.yml:4:9 The parameter 'A' is declared twice/,
    );
  });
});
