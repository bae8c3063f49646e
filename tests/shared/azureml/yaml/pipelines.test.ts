import assert from 'node:assert/strict';
import {
  compileJob,
  readYaml,
  type JobCompilation,
  type LocalVersion,
} from '../../../../shared/azureml/yaml/index.ts';
import { files, refusals, shown, type Files } from './fixture.ts';

type Json = Record<string, unknown>;

const HEAD =
  'type: pipeline\ncompute: azureml:cpu\ninputs: {n: 1, d: {type: uri_folder, path: "azureml:d:1", mode: download}}\n' +
  'outputs: {m: {type: mlflow_model, mode: upload}}\njobs:\n';
const pipeline = (jobs: string): JobCompilation => compileJob(readYaml(HEAD + jobs, 'pipeline.yml'));
const steps = (compiled: JobCompilation): Record<string, Json> =>
  (shown(compiled)['properties'] as Json)['jobs'] as Record<string, Json>;
const specs = (compiled: JobCompilation): Json[] =>
  compiled.assets
    .filter((asset): asset is LocalVersion => asset.kind === 'version' && asset.type === 'components')
    .map(({ body }) => (body['properties'] as Json)['componentSpec'] as Json);

describe('a pipeline step with a command', () => {
  const text =
    '  a:\n    command: echo ${{inputs.x}} ${{inputs.p}} ${{outputs.o}}\n    environment: azureml:e:1\n' +
    '    inputs: {x: "${{parent.inputs.n}}", p: 2.5, d: "${{parent.inputs.d}}"}\n' +
    '    outputs: {o: "${{parent.outputs.m}}", q: }\n    limits: {timeout: 60}\n' +
    '  b:\n    command: c ${{inputs.in}}\n    environment: azureml:e:1\n    inputs: {in: "${{parent.jobs.a.outputs.q}}"}\n';

  it('becomes an anonymous component whose ports have the types that flow into them', () => {
    const [a, b] = specs(pipeline(text));
    assert.deepEqual(a!['inputs'], {
      x: { type: 'integer' },
      p: { type: 'number', default: '2.5' },
      d: { type: 'uri_folder', mode: 'download' },
    });
    assert.deepEqual(a!['outputs'], {
      o: { type: 'mlflow_model', mode: 'upload' },
      q: { type: 'uri_folder' },
    });
    assert.deepEqual(b!['inputs'], { in: { type: 'uri_folder' } });
    assert.equal(a!['name'], 'azureml_anonymous');
    assert.equal(a!['_source'], 'YAML.JOB');
  });

  it('is a node in snake case that binds its ports', () => {
    const { a } = steps(pipeline(text));
    assert.deepEqual(a, {
      name: 'a',
      type: 'command',
      _source: 'YAML.JOB',
      componentId: '<local components >',
      limits: { job_limits_type: 'Command', timeout: 'PT1M' },
      inputs: {
        x: { job_input_type: 'literal', value: '${{parent.inputs.n}}' },
        p: { job_input_type: 'literal', value: '2.5' },
        d: { job_input_type: 'literal', value: '${{parent.inputs.d}}' },
      },
      outputs: { o: { type: 'literal', value: '${{parent.outputs.m}}' } },
    });
  });

  it('is refused where a binding leads nowhere or the command reads what is not declared', () => {
    const found = refusals(() =>
      pipeline(
        '  a: {command: "c ${{inputs.zz}}", environment: "azureml:e:1", inputs: {x: "${{parent.inputs.nope}}"}}\n',
      ),
    );
    assert.match(found[0]!, /reads 'inputs\.zz'/);
    assert.match(found[1]!, /type of '\$\{\{parent\.inputs\.nope\}\}' is not known/);
  });

  it('is refused where data has no path, an output leads nowhere, or is no binding', () => {
    const step = 'command: c, environment: "azureml:e:1"';
    const found = refusals(() =>
      pipeline(
        `  a: {${step}, inputs: {x: {type: uri_folder}}, outputs: {o: "\${{parent.outputs.nope}}"}}\n` +
          `  b: {${step}, outputs: {o: folder}}\n`,
      ),
    );
    assert.match(found[0]!, /The input 'x' needs a 'path'/);
    assert.match(found[1]!, /no output for '\$\{\{parent\.outputs\.nope\}\}'/);
    assert.match(found[2]!, /'jobs\.b\.outputs\.o' must be empty/);
  });
});

describe('a pipeline step with a component', () => {
  let folder: Files;
  const COMPONENT =
    'name: c\ncommand: python t.py ${{inputs.rate}} ${{outputs.o}}\ncode: ./src\nenvironment: azureml:e:1\n' +
    'inputs: {rate: {type: number, default: 1}, data: {type: uri_folder}}\noutputs: {o: {type: mltable}}\n';
  before(async () => {
    folder = await files({
      'p/pipeline.yml':
        'type: pipeline\nsettings: {default_compute: azureml:cpu}\njobs:\n' +
        '  one: {type: command, component: ../parts/c.yml, inputs: {data: {path: "azureml:d:1"}, extra: 1}}\n' +
        '  two: {type: command, component: ../parts/c.yml, inputs: {data: "${{parent.jobs.one.outputs.o}}"}}\n' +
        '  three: {command: "x ${{inputs.i}}", environment: "azureml:e:1", inputs: {i: "${{parent.jobs.one.outputs.o}}"}}\n' +
        '  tune:\n    type: sweep\n    trial: ../parts/c.yml\n    sampling_algorithm: Random\n' +
        '    search_space: {rate: {type: uniform, min_value: 0, max_value: 1}}\n' +
        '    objective: {goal: maximize, primary_metric: m}\n    limits: {max_total_trials: 2}\n',
      'p/wrong.yml':
        'type: pipeline\ncompute: azureml:cpu\njobs:\n  one: {component: ../parts/bad.yml}\n  two: {component: ../parts/c.yml}\n',
      'p/text.yml':
        'type: pipeline\nsettings: {default_compute: azureml:cpu, other: }\njobs:\n' +
        '  one: {type: command, component: ../parts/c.yml, inputs: {data: ./table}}\n' +
        '  two: {type: command, component: ../parts/c.yml, inputs: {data: "azureml:d:1"}}\n',
      'p/odd.yml':
        'type: pipeline\nsettings: {default_compute: azureml:cpu, default_datastore: blobs}\njobs:\n' +
        '  one: {type: command, component: ../parts/c.yml, inputs: {data: 3}}\n' +
        '  two: {type: parallel, component: flow.yml}\n',
      'p/flow.yml': '$schema: https://azuremlschemas.azureedge.net/promptflow/latest/Flow.schema.json\n',
      'p/table/a.csv': '1\n',
      'parts/c.yml': COMPONENT,
      'parts/bad.yml': 'name: c\ncomand: x\nenvironment: azureml:e:1\n',
      'parts/src/t.py': '',
    });
  });
  after(() => folder.remove());

  it('finds the component’s code from the component’s folder, and reads a shared component once', () => {
    const compiled = compileJob(folder.read('p/pipeline.yml'));
    assert.deepEqual(compiled.assets.map(({ kind }) => kind).sort(), ['code', 'version', 'version']);
    assert.deepEqual(specs(compiled)[0]!['inputs'], {
      rate: { type: 'number', default: '1.0' },
      data: { type: 'uri_folder' },
    });
    const { one, two } = steps(compiled);
    assert.equal(one!['_source'], 'YAML.COMPONENT');
    assert.equal(two!['componentId'], one!['componentId']);
  });

  it('takes text for the path of data where the component asks for data', () => {
    const compiled = compileJob(folder.read('p/text.yml'));
    const inputs = Object.values(steps(compiled)).map((step) => (step['inputs'] as Json)['data']);
    assert.deepEqual(inputs, [
      { job_input_type: 'uri_folder', uri: '<local path table>' },
      { job_input_type: 'uri_folder', uri: '<data/d:1>' },
    ]);
    assert(!('other' in ((shown(compiled)['properties'] as Json)['settings'] as Json)));
  });

  it('refuses numbers for data, flows, and datastores without azureml:', () => {
    const found = refusals(() => compileJob(folder.read('p/odd.yml')));
    assert.match(found[0]!, /must be azureml:<datastore>, not 'blobs'/);
    assert.match(found[1]!, /must be data of the type uri_folder, such as a path, not the number 3/);
    assert.match(found[2]!, /This is a prompt flow/);
  });

  it('leaves out inputs the component does not have, with a warning', () => {
    const compiled = compileJob(folder.read('p/pipeline.yml'));
    assert.deepEqual(Object.keys(steps(compiled)['one']!['inputs'] as Json), ['data']);
    assert.match(compiled.warnings[0]!.message, /no input 'extra'/);
  });

  it('hands its output types on to steps with commands', () => {
    assert.deepEqual(specs(compileJob(folder.read('p/pipeline.yml')))[1]!['inputs'], {
      i: { type: 'mltable' },
    });
  });

  it('can be swept', () => {
    const { tune } = steps(compileJob(folder.read('p/pipeline.yml')));
    assert.deepEqual(tune!['trial'], { componentId: '<local components >' });
    assert.equal(tune!['sampling_algorithm'], 'random');
    assert.deepEqual(tune!['search_space'], { rate: { type: 'uniform', min_value: 0, max_value: 1 } });
    assert.deepEqual(tune!['limits'], { max_total_trials: 2 });
  });

  it('reports problems of the component’s file under that file, and inputs nobody gives', () => {
    const found = refusals(() => compileJob(folder.read('p/wrong.yml')));
    assert.ok(found.some((line) => /needs the input 'data'/.test(line)));
    assert.ok(found.some((line) => /The file needs 'command'/.test(line)));
  });

  it('names components of the workspace and of registries', () => {
    const sent = steps(
      pipeline(
        '  a: {component: "azureml:c:1", outputs: {o: {type: uri_file}}}\n' +
          '  b: {component: azureml://registries/r/components/c/versions/1, resources: {instance_count: "${{parent.inputs.n}}"}}\n',
      ),
    );
    assert.equal(sent['a']!['componentId'], '<components/c:1>');
    assert.equal(sent['a']!['_source'], 'REMOTE.WORKSPACE.COMPONENT');
    assert.equal(sent['b']!['_source'], 'REMOTE.REGISTRY');
    assert.deepEqual(sent['b']!['resources'], { instance_count: '${{parent.inputs.n}}' });
  });
});

describe('a pipeline', () => {
  it('needs a compute somewhere for every step', () => {
    const text = 'type: pipeline\njobs:\n  a: {command: c, environment: "azureml:e:1"}\n';
    assert.deepEqual(
      refusals(() => compileJob(readYaml(text, 'x.yml'))),
      ["3:3 No compute is set for the step 'a'."],
    );
    const withDefault = `settings: {default_compute: serverless}\n${text}`;
    assert.doesNotThrow(() => compileJob(readYaml(withDefault, 'x.yml')));
  });

  it('keeps settings in the file’s words and leaves blank inputs out', () => {
    const text =
      'type: pipeline\nsettings: {default_compute: azureml:cpu, default_datastore: azureml:ds, force_rerun: true, own: x}\n' +
      'inputs: {a: "", b: 1}\njobs: {}\n';
    const sent = shown(compileJob(readYaml(text, 'x.yml')))['properties'] as Json;
    assert.deepEqual(sent['settings'], {
      _source: 'YAML.JOB',
      default_compute: '<computes/cpu>',
      default_datastore: '<datastores/ds>',
      force_rerun: true,
      own: 'x',
    });
    assert.deepEqual(sent['inputs'], { b: { jobInputType: 'literal', value: '1' } });
  });

  it('refuses step types that are not offered, by name, and bad step names', () => {
    const found = refusals(() =>
      pipeline(
        '  A-b: {command: c, environment: "azureml:e:1"}\n  s: {type: if_else, condition: true}\n  t: {type: comand}\n',
      ),
    );
    assert.match(found[0]!, /'A-b' may hold only small letters/);
    assert.match(found[1]!, /Steps of the type 'if_else' are not offered. The reference client/);
    assert.match(found[2]!, /Did you mean 'command'/);
  });
});
