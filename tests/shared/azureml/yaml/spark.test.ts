import assert from 'node:assert/strict';
import { compileAsset, compileJob, readYamlFile } from '../../../../shared/azureml/yaml/index.ts';
import { files, refusals, shown, type Files } from './fixture.ts';

type Json = Record<string, unknown>;

const CONF =
  'conf: {spark.driver.cores: 1, driver_memory: 2g, spark.executor.cores: 2, spark.executor.memory: 2g, spark.executor.instances: 2}\n';
const PLACE = 'resources: {instance_type: standard_e4s_v3, runtime_version: 3.4}\n';
const JOB = `type: spark\ncode: ./src\nentry: {file: a.py}\n${CONF}`;
const COMPONENT = `type: spark\nname: c\ninputs: {d: {type: uri_file, mode: direct}}\ncode: ./src\nentry: {file: a.py}\n${CONF}args: --d \${{inputs.d}}\n`;

describe('a Spark job', () => {
  let given: Files;
  before(async () => {
    given = await files({
      'src/a.py': 'x',
      'job.yml': JOB + PLACE,
      'dynamic.yml':
        JOB.replace(
          'spark.executor.instances: 2',
          'spark.dynamicAllocation.enabled: true, spark.dynamicAllocation.minExecutors: 1, spark.dynamicAllocation.maxExecutors: 4',
        ) + 'compute: azureml:pool\n',
      'wrong.yml': `${JOB.replace('a.py', 'b.py').replace(', spark.executor.instances: 2', '')}inputs: {x: {path: "azureml:d:1"}}\nargs: \${{inputs.y}}\n`,
      'packages.yml': `${JOB}${PLACE}environment: {conda_file: {name: e}}\n`,
      'component.yml': COMPONENT,
      'pipeline.yml': `type: pipeline\ninputs: {d: {type: uri_file, path: "azureml:d:1", mode: direct}}\njobs:\n  s:\n    type: spark\n    component: ./component.yml\n    inputs: {d: "\${{parent.inputs.d}}"}\n    conf: {driver_cores: 7}\n    resources: {instance_type: Standard_E4S_V3, runtime_version: "3.4"}\n  t:\n    type: spark\n    code: ./src\n    entry: {file: a.py}\n    ${CONF}    resources: {instance_type: Standard_E4S_V3, runtime_version: "3.4"}\n`,
    });
  });
  after(() => given.remove());
  const sent = (name: string): Json => shown(compileJob(given.read(name)))['properties'] as Json;

  it('sends its configuration as text, and the user’s identity where it runs on machines of the service', () => {
    const properties = sent('job.yml');
    assert.deepEqual(properties['conf'], {
      'spark.driver.cores': '1',
      'spark.driver.memory': '2g',
      'spark.executor.cores': '2',
      'spark.executor.memory': '2g',
      'spark.executor.instances': '2',
    });
    assert.deepEqual(properties['identity'], { identityType: 'UserIdentity' });
    assert.deepEqual(properties['resources'], { instanceType: 'standard_e4s_v3', runtimeVersion: '3.4' });
    assert.deepEqual(properties['entry'], { sparkJobEntryType: 'SparkJobPythonEntry', file: 'a.py' });
  });

  it('starts dynamic allocation with the least number of executors, as the pool itself', () => {
    const properties = sent('dynamic.yml');
    assert.equal((properties['conf'] as Json)['spark.executor.instances'], '1');
    assert.equal((properties['conf'] as Json)['spark.dynamicAllocation.enabled'], 'True');
    assert.deepEqual(properties['identity'], { identityType: 'Managed' });
  });

  it('gives packages alone an image, as the reference client does', () => {
    const [environment] = compileJob(given.read('packages.yml')).assets.filter(
      ({ kind }) => kind === 'version',
    );
    assert.deepEqual(environment && 'body' in environment ? environment.body['properties'] : undefined, {
      image: 'conda/miniconda3',
      condaFile: 'name: e\n',
      isAnonymous: true,
      isArchived: false,
    });
  });

  it('tells all that is wrong with it', () => {
    const found = refusals(() => sent('wrong.yml')).map((message) => message.replace(/ \(looked for.*/, ''));
    assert.deepEqual(found, [
      "1:1 Spark needs a 'compute' or 'resources' (instance_type and runtime_version).",
      "3:8 The entry 'b.py' is not in the code folder",
      "4:7 'conf' needs spark.executor.instances.",
      "5:13 'inputs.x' needs 'mode: direct'; Spark takes no other.",
      "6:7 'args' reads the input 'y', which is not among the inputs.",
    ]);
  });

  it('as a step repeats what its component runs, and changes its configuration', () => {
    const jobs = sent('pipeline.yml')['jobs'] as Record<string, Json>;
    const { s, t } = jobs;
    assert.equal(s?.['args'], '--d ${{inputs.d}}');
    assert.equal((s?.['conf'] as Json)['spark.driver.cores'], 7);
    assert.equal((s?.['conf'] as Json)['spark.executor.cores'], 2);
    assert.deepEqual(s?.['entry'], { file: 'a.py', spark_job_entry_type: 'SparkJobPythonEntry' });
    assert.deepEqual(s?.['identity'], { identity_type: 'UserIdentity' });
    // The size is in small letters beside a component alone.
    const sizes = [s, t].map((step) => (step?.['resources'] as Json)['instance_type']);
    assert.deepEqual(sizes, ['standard_e4s_v3', 'Standard_E4S_V3']);
  });

  it('as a component keeps numbers numbers', () => {
    const compiled = compileAsset(readYamlFile(`${given.root}/component.yml`), { use: 'component' });
    const spec = (shown(compiled)['properties'] as Json)['componentSpec'] as Json;
    assert.equal((spec['conf'] as Json)['spark.driver.cores'], 1);
    assert.equal(spec['code'], 'azureml:<local code src>');
  });
});
