import assert from 'node:assert/strict';
import {
  applySet,
  compileJob,
  documentOf,
  readYaml,
  withValues,
  type YamlDocument,
} from '../../../../shared/azureml/yaml/index.ts';
import { Problem, Problems } from '../../../../shared/problem/index.ts';

const JOB = 'command: echo ${{inputs.rate}}\nenvironment: azureml:e:1\ninputs: {rate: 0.1}\n';

function job(...overrides: string[]): Record<string, unknown> {
  const { body } = compileJob(applySet(readYaml(JOB, 'job.yml'), overrides));
  return body['properties'] as Record<string, unknown>;
}

function problemsOf(act: () => unknown): Problem[] {
  try {
    act();
  } catch (error) {
    return error instanceof Problems ? [...error.all] : [error as Problem];
  }
  return [];
}

describe('--set', () => {
  it('replaces a value, typed as in the file', () => {
    assert.deepEqual(job('inputs.rate=0.5')['inputs'], { rate: { jobInputType: 'literal', value: '0.5' } });
    assert.deepEqual(job('inputs.rate=true')['inputs'], { rate: { jobInputType: 'literal', value: 'True' } });
  });

  it('takes a number for text where text is asked for', () => {
    assert.deepEqual(job('tags.build=17', 'display_name=2024')['tags'], { build: '17' });
    assert.equal(job('display_name=2024')['displayName'], '2024');
  });

  it('makes mappings on the way and keeps what follows the first equals sign', () => {
    assert.deepEqual(job('environment_variables.URL=http://x/?a=b')['environmentVariables'], {
      URL: 'http://x/?a=b',
    });
    assert.deepEqual(job('limits.timeout=60')['limits'], { jobLimitsType: 'Command', timeout: 'PT1M' });
  });

  it('takes mappings and lists in brackets', () => {
    assert.deepEqual(job('resources={instance_count: 2, docker_args: [a, b]}')['resources'], {
      instanceCount: 2,
      properties: {},
      dockerArgsList: ['a', 'b'],
    });
  });

  it('reaches into lists and adds at their end', () => {
    const document = applySet(readYaml('a: [1, {b: 2}]\n', 'x.yml'), ['a[1].b=3', 'a[2]=4', 'a.0=9']);
    assert.ok(document.root.kind === 'map');
    const list = document.root.entries.get('a')!.value;
    assert.ok(list.kind === 'list');
    assert.deepEqual(
      list.items.map((item) => (item.kind === 'scalar' ? item.text : item.kind)),
      ['9', 'map', '4'],
    );
  });

  it('lets a later override win, and takes an escaped dot as part of a name', () => {
    assert.deepEqual(job('tags.a=1', 'tags.a=2')['tags'], { a: '2' });
    assert.deepEqual(job('tags.a\\.b=1')['tags'], { 'a.b': '1' });
  });

  it('does not go into a reference, and reports all bad overrides together', () => {
    const problems = problemsOf(() => job('environment.image=x', 'nonsense', 'inputs[0]=1', 'tags={x'));
    assert.equal(problems.length, 3);
    assert.match(problems[0]!.message, /single value or a reference/);
    assert.match(problems[1]!.message, /'nonsense' is not of the form/);
    assert.match(problems[2]!.message, /neither a mapping nor a list/);
    assert.deepEqual(problems[0]!.place, { input: 'set' });
  });

  it('does not expand variables', () => {
    assert.equal(job('display_name=$HOME $(Build.BuildId)')['displayName'], '$HOME $(Build.BuildId)');
  });
});

describe('a job made of task inputs', () => {
  const inputs = (values: Record<string, unknown>): YamlDocument =>
    documentOf(values, { folder: process.cwd(), inputOf: (key) => (key === 'inputs' ? 'jobInputs' : key) });

  it('compiles like a file', () => {
    const { body } = compileJob(
      inputs({ command: 'echo', environment: 'azureml:e:1', inputs: { a: 1, b: 0.5 } }),
    );
    assert.deepEqual((body['properties'] as Record<string, unknown>)['inputs'], {
      a: { jobInputType: 'literal', value: '1' },
      b: { jobInputType: 'literal', value: '0.5' },
    });
  });

  it('takes values that were read as YAML, with their places', () => {
    const read = readYaml('a: 2e-5\nb: ~\n', 'jobInputs');
    const [problem] = problemsOf(() =>
      compileJob(inputs({ command: 'c', environment: 'azureml:e:1', inputs: read.root })),
    );
    assert.deepEqual(problem!.place, { file: 'jobInputs', line: 2, column: 4 });
  });

  it('names the input that is wrong or missing', () => {
    const problems = problemsOf(() => compileJob(inputs({ command: 'c', compute: ['x'] })));
    assert.deepEqual(problems.map(({ place }) => place?.input).sort(), ['compute', 'environment']);
  });

  it('puts values over those of a file', () => {
    const document = withValues(readYaml(JOB, 'job.yml'), { display_name: 'given', tags: undefined });
    assert.equal(
      (compileJob(document).body['properties'] as Record<string, unknown>)['displayName'],
      'given',
    );
  });
});
