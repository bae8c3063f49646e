import assert from 'node:assert/strict';
import { problemsIn, read, scriptsOf, stepsOf, variablesOf } from './reading.ts';

describe('template expressions', () => {
  it('take the first branch that holds, in lists', async () => {
    const source =
      "parameters:\n- name: x\n  type: string\nsteps:\n- ${{ if eq(parameters.x, 'a') }}:\n  - script: is a\n- ${{ elseif eq(parameters.x, 'b') }}:\n  - script: is b\n  - script: really\n- ${{ else }}:\n  - script: is another\n- script: end\n";
    const scripts = async (x: string) => scriptsOf(await read(source, { parameters: { x } }));
    assert.deepEqual(await scripts('a'), ['is a', 'end']);
    assert.deepEqual(await scripts('b'), ['is b', 'really', 'end']);
    assert.deepEqual(await scripts('c'), ['is another', 'end']);
  });

  it('take the first branch that holds, in maps, where the same key may be written twice', async () => {
    const plan = await read(
      'parameters:\n- name: debug\n  type: boolean\n  default: true\nsteps:\n- script: s\n  ${{ if parameters.debug }}:\n    displayName: loud\n  ${{ else }}:\n    displayName: quiet\n  ${{ if not(parameters.debug) }}:\n    timeoutInMinutes: 5\n  ${{ else }}:\n    timeoutInMinutes: 50\n',
    );
    assert.deepEqual(
      stepsOf(plan).map(({ displayName, timeoutInMinutes }) => [displayName?.text, timeoutInMinutes]),
      [['loud', 50]],
    );
  });

  it('may choose between whole items, and keep empty maps that were written', async () => {
    const plan = await read(
      'parameters:\n- name: list\n  type: object\n  default: [{}, {a: 1}]\nsteps:\n- ${{ if false }}:\n    script: no\n- ${{ else }}:\n    script: ${{ length(parameters.list) }}\n',
    );
    assert.deepEqual(scriptsOf(plan), ['2']);
  });

  it('go through lists and maps', async () => {
    const plan = await read(
      'parameters:\n- name: names\n  type: object\n  default: [a, b]\n- name: env\n  type: object\n  default: {A: 1, B: two}\nsteps:\n- ${{ each name in parameters.names }}:\n  - ${{ each pair in parameters.env }}:\n    - script: ${{ name }} ${{ pair.key }}=${{ pair.value }}\n- script: s\n  env:\n    ${{ each pair in parameters.env }}:\n      X_${{ pair.key }}: ${{ pair.value }}\n    ${{ insert }}: ${{ parameters.env }}\n',
    );
    assert.deepEqual(scriptsOf(plan), ['a A=1', 'a B=two', 'b A=1', 'b B=two', 's']);
    const env = [...(stepsOf(plan).at(-1)?.env ?? [])].map(([name, { text }]) => `${name}=${text}`);
    assert.deepEqual(env, ['X_A=1', 'X_B=two', 'A=1', 'B=two']);
  });

  it('rebuild steps key by key', async () => {
    const plan = await read({
      'main.yml':
        'steps:\n- template: t.yml\n  parameters:\n    steps:\n    - script: one\n      displayName: First\n    - bash: two\n',
      't.yml':
        "parameters:\n- name: steps\n  type: stepList\nsteps:\n- ${{ each step in parameters.steps }}:\n  - ${{ each pair in step }}:\n      ${{ if ne(pair.key, 'displayName') }}:\n        ${{ pair.key }}: ${{ pair.value }}\n    displayName: wrapped\n",
    });
    assert.deepEqual(scriptsOf(plan), ['one', 'two']);
    assert.deepEqual(
      stepsOf(plan).map(({ displayName }) => displayName?.text),
      ['wrapped', 'wrapped'],
    );
  });

  it('put lists into lists and leave nothing of an empty one', async () => {
    const plan = await read(
      'parameters:\n- name: more\n  type: stepList\n  default: [{script: b}, {script: c}]\n- name: none\n  type: stepList\n  default: []\nsteps:\n- script: a\n- ${{ parameters.more }}\n- ${{ parameters.none }}\n- ${{ if false }}:\n    script: never\n',
    );
    assert.deepEqual(scriptsOf(plan), ['a', 'b', 'c']);
  });

  it('respect braces and quotes inside text', async () => {
    const plan = await read(
      "steps:\n- script: ${{ 'a }} b' }} and ${{ 'my${{value' }}\n- script: ${{ format('{{0}} {0}', 'it''s') }}\n",
    );
    assert.deepEqual(scriptsOf(plan), ['a }} b and my${{value', "{0} it's"]);
  });

  it('read nothing as empty text and booleans as True and False', async () => {
    const plan = await read("steps:\n- script: '[${{ variables.nothing }}] ${{ eq(1, 1) }}'\n", {});
    assert.deepEqual(scriptsOf(plan), ['[] True']);
  });

  it('see predefined variables and those set for the run', async () => {
    const plan = await read(
      "steps:\n- script: ${{ variables['Build.SourceBranch'] }} ${{ variables.mine }}\n",
      {
        predefined: { 'Build.SourceBranch': 'refs/heads/x' },
        variables: { mine: '1' },
      },
    );
    assert.deepEqual(scriptsOf(plan), ['refs/heads/x 1']);
    assert.deepEqual(variablesOf(plan), { mine: '1' });
  });

  it('are wrong with their line and column', async () => {
    assert.deepEqual(
      await problemsIn(
        'steps:\n- ${{ elseif true }}:\n  - script: a\n- script: echo ${{ upper(foo) }}\n- script: |\n    first\n      ${{ eqq(1, 2) }}\n- script: ${{ variables.x\n- ${{ else }}:\n  - script: b\n',
      ),
      [
        "main.yml:2:3 'elseif' has no 'if' right before it.",
        "main.yml:4:26 The expression 'upper(foo)' is wrong: 'foo' is not known here. | Known here: parameters, variables; text stands in single quotes.",
        "main.yml:7:11 The expression 'eqq(1, 2)' is wrong: There is no function 'eqq'. | Did you mean 'eq'?",
        "main.yml:8:11 This '${{' has no closing '}}'.",
        "main.yml:9:3 'else' has no 'if' right before it.",
      ],
    );
  });

  it('cannot put a map into text or go through text', async () => {
    assert.deepEqual(
      await problemsIn(
        'parameters:\n- name: m\n  type: object\n  default: {a: 1}\nsteps:\n- script: x ${{ parameters.m }}\n- ${{ each x in parameters.m.a }}:\n  - script: y\n- script: ${{ if true }}\n',
      ),
      [
        'main.yml:6:13 a map cannot be put into text. | convertToJson() or join() makes text of it.',
        "main.yml:7:3 'each' goes over a list or a map, not text.",
        "main.yml:9:11 'if true' can stand only as a key.",
      ],
    );
  });

  it('that multiply without end are stopped', async () => {
    const ten = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
    const loops = Array.from(
      { length: 7 },
      (_, depth) => `${'  '.repeat(depth)}- \${{ each v${depth} in parameters.ten }}:`,
    );
    const source = `parameters:\n- name: ten\n  type: object\n  default: ${ten}\nsteps:\n${loops.join('\n')}\n${'  '.repeat(7)}- script: x\n`;
    const [problem] = await problemsIn(source);
    assert.match(problem ?? '', /grows past 100000 parts here/);
  });
});
