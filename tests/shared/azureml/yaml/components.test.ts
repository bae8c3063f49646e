import assert from 'node:assert/strict';
import { compileAsset, compileJob } from '../../../../shared/azureml/yaml/index.ts';
import { files, refusals, shown, type Files } from './fixture.ts';

type Json = Record<string, unknown>;

const COMMAND =
  'type: command\nname: c\ncommand: echo $[[${{inputs.d}}]] ${{inputs.x}}\ninputs: {x: {type: number}, d: {type: uri_folder, optional: true}}\noutputs: {o: {type: mlflow_model}}\nenvironment: azureml:e:1\n';
const PIPELINE =
  'type: pipeline\nname: p\ndescription: all\ninputs: {data: {type: uri_folder}, lr: {type: number, default: 0.1}}\noutputs: {m: {type: mlflow_model}}\n' +
  'settings: {own: 1}\njobs:\n  train:\n    component: ./command.yml\n    inputs: {x: "${{parent.inputs.lr}}", d: "${{parent.inputs.data}}"}\n    outputs: {o: "${{parent.outputs.m}}"}\n';
const PARALLEL =
  'type: parallel\nname: b\ninputs: {d: {type: uri_folder}}\noutputs: {o: {type: uri_file}}\ninput_data: ${{inputs.d}}\nmini_batch_size: 10kb\npartition_keys: [a]\nretry_settings: {timeout: 60}\n' +
  'resources: {instance_count: 2}\ntask: {type: run_function, code: ./src, entry_script: a.py, environment: azureml:e:1}\n';
const HEAD =
  'type: pipeline\ninputs: {d: {type: uri_folder, path: "azureml:d:1"}}\nsettings: {default_compute: azureml:cpu}\njobs:\n  s:\n';

describe('components in pipelines', () => {
  let given: Files;
  before(async () => {
    given = await files({
      'src/a.py': 'x',
      'command.yml': COMMAND,
      'pipeline.yml': PIPELINE,
      'parallel.yml': PARALLEL,
      'deep/outer.yml':
        'type: pipeline\nname: o\ninputs: {data: {type: uri_folder}}\njobs:\n  a:\n    component: ../pipeline.yml\n    inputs: {data: "${{parent.inputs.data}}"}\n',
      'self.yml': 'type: pipeline\nname: s\njobs:\n  a: {component: ./self.yml}\n',
      'nested.yml': `${HEAD}    component: deep/outer.yml\n    inputs: {data: "\${{parent.inputs.d}}"}\n`,
      'homeless.yml': `${HEAD.replace('settings: {default_compute: azureml:cpu}\n', '')}    component: deep/outer.yml\n    inputs: {data: "\${{parent.inputs.d}}"}\n`,
      'whole.yml':
        'type: pipeline\ncomponent: ./pipeline.yml\ncompute: c\ninputs: {data: {path: "azureml:d:1"}, other: 1}\n',
      'batches.yml': `${HEAD}    component: ./parallel.yml\n    inputs: {d: "\${{parent.inputs.d}}"}\n    mini_batch_size: "5"\n`,
      'circle.yml': `${HEAD}    component: ./self.yml\n`,
      'mixed.yml': `${HEAD}    type: spark\n    component: ./command.yml\n`,
      'inline.yml': `${HEAD}    type: parallel\n    inputs: {d: "\${{parent.inputs.d}}"}\n    input_data: \${{inputs.d}}\n    mini_batch_size: 2mb\n    logging_level: debug\n    task: {type: run_function, code: ./src, entry_script: a.py, environment: "azureml:e:1"}\n`,
      'import.yml': `${HEAD}    type: data_transfer\n    task: import_data\n    compute: azureml:adf\n    source: {type: database, query: select, connection: "azureml:c"}\n    outputs: {sink: {type: mltable}}\n`,
    });
  });
  after(() => given.remove());
  const job = (name: string): Json => shown(compileJob(given.read(name)))['properties'] as Json;
  const steps = (name: string): Record<string, Json> => job(name)['jobs'] as Record<string, Json>;
  const spec = (name: string): Json => {
    const compiled = compileAsset(given.read(name), { use: 'component' });
    return (shown(compiled)['properties'] as Json)['componentSpec'] as Json;
  };

  it('make a pipeline component of their steps; an input that only optional ones use is optional', () => {
    assert.deepEqual(spec('pipeline.yml'), {
      _source: 'YAML.COMPONENT',
      type: 'pipeline',
      name: 'p',
      description: 'all',
      settings: { own: 1 },
      inputs: { data: { type: 'uri_folder', optional: true }, lr: { type: 'number', default: '0.1' } },
      outputs: { m: { type: 'mlflow_model' } },
      jobs: {
        train: {
          name: 'train',
          type: 'command',
          _source: 'YAML.COMPONENT',
          componentId: '<local components >',
          inputs: {
            x: { job_input_type: 'literal', value: '${{parent.inputs.lr}}' },
            d: { job_input_type: 'literal', value: '${{parent.inputs.data}}' },
          },
          outputs: { o: { value: '${{parent.outputs.m}}', type: 'literal' } },
        },
      },
      sourceJobId: null,
    });
  });

  it('nest, each with paths from its own folder, and are sent once each', () => {
    assert.equal(steps('nested.yml')['s']?.['type'], 'pipeline');
    const versions = compileJob(given.read('nested.yml')).assets.filter(({ kind }) => kind === 'version');
    assert.equal(versions.length, 3);
  });

  it('need a compute also deep inside, and may not contain themselves', () => {
    assert.deepEqual(
      refusals(() => job('homeless.yml')),
      ["4:3 No compute is set for the step 's.jobs.a.jobs.train'."],
    );
    assert.match(refusals(() => job('circle.yml'))[0]!, /4:18 The component .\/self.yml contains itself/);
  });

  it('can be the whole job: with its words, its defaults, and what the job gives', () => {
    const properties = job('whole.yml');
    assert.equal(properties['componentId'], '<local components >');
    assert.equal(properties['description'], 'all');
    assert.deepEqual(properties['inputs'], {
      data: { jobInputType: 'uri_folder', uri: '<data/d:1>' },
      lr: { jobInputType: 'literal', value: '0.1' },
    });
    assert.deepEqual(properties['outputs'], { m: { jobOutputType: 'mlflow_model' } });
    assert.deepEqual(properties['jobs'], {});
  });

  it('of batches count sizes in bytes, and a step says the rest as its component does', () => {
    assert.equal(spec('parallel.yml')['mini_batch_size'], '10240');
    assert.equal(spec('parallel.yml')['partition_keys'], '["a"]');
    const step = steps('batches.yml')['s'];
    assert.equal(step?.['mini_batch_size'], 5);
    assert.deepEqual(step?.['retry_settings'], { timeout: 60 });
    assert.deepEqual(step?.['resources'], { instance_count: 2 });
  });

  it('must fit the type of their step', () => {
    assert.match(
      refusals(() => job('mixed.yml'))[0]!,
      /A step of the type 'spark' runs spark components; this one is of the type 'command'/,
    );
    assert.match(
      refusals(() => job('inline.yml'))[0]!,
      /10:20 .* must be DEBUG, INFO or WARNING, not 'debug'. Did you mean 'DEBUG'/,
    );
  });

  it('for imports of data are ready-made', () => {
    const step = steps('import.yml')['s'];
    assert.equal(step?.['_source'], 'BUILTIN');
    assert.match(String(step?.['componentId']), /import_data_database\/versions\/0\.0\.1$/);
    assert.deepEqual(step?.['source'], { type: 'database', query: 'select', connection: 'azureml:c' });
  });
});
