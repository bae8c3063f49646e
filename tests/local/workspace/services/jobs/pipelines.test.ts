import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { openLab, type Lab } from './lab.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- tests look into answers freely */

/** Fails on one file, and is too slow on another the first time. */
const ENTRY = `
import argparse, os, sys
def init():
    global word, inits
    parser = argparse.ArgumentParser()
    parser.add_argument('--word')
    word = parser.parse_known_args()[0].word
    print('init in process', os.getpid())
def run(mini_batch):
    names = [os.path.basename(path) for path in mini_batch]
    if 'bad.txt' in names:
        raise ValueError('cannot read bad.txt')
    return [word + ' ' + open(path).read().strip() + ' of ' + str(len(mini_batch)) for path in mini_batch]
def shutdown():
    print('bye')
`;

const BASE_IMAGE = 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04';
const STORE = 'azureml://datastores/workspaceblobstore/paths';
/** The sample's environment has pandas, and most likely it is cached already. */
const CONDA_FILE = 'samples/diabetes/conda.yaml';

describe('Pipelines', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => lab.stop());

  const steps = async (name: string): Promise<any[]> =>
    (await lab.send('GET', lab.plane('/history/v1.0', `/runs/${name}/children`))).json.value;
  const failure = async (name: string): Promise<string> => (await lab.details(name)).error.error.message;
  const pipeline = async (name: string, jobs: object, more: object = {}) => {
    const { status, text } = await lab.put(`/jobs/${name}`, { jobType: 'Pipeline', jobs, ...more });
    assert.equal(status, 201, text);
    return (await lab.ended(name)).properties;
  };
  const component = async (name: string, spec: object) => {
    const componentSpec = {
      name,
      version: '1',
      type: 'command',
      environment: `azureml:${lab.environmentId}`,
      ...spec,
    };
    const { status, text } = await lab.put(`/components/${name}/versions/1`, { componentSpec });
    assert.ok(status < 300, text);
    return `${lab.id}/components/${name}/versions/1`;
  };
  const parallel = async (name: string, more: object = {}) => ({
    type: 'parallel',
    componentId: await component(name, {
      type: 'parallel',
      inputs: { data: { type: 'uri_folder' }, word: { type: 'string' } },
      outputs: { rows: { type: 'uri_file' } },
      mini_batch_size: '2',
      input_data: '${{inputs.data}}',
      task: {
        type: 'run_function',
        code: `azureml:${await lab.code('score', { 'score.py': ENTRY })}`,
        entry_script: 'score.py',
        environment: `azureml:${lab.environmentId}`,
        program_arguments: '--word ${{inputs.word}}',
        append_row_to: '${{outputs.rows}}',
      },
    }),
    inputs: {
      data: { job_input_type: 'uri_folder', uri: 'azureml://datastores/workspaceblobstore/paths/batch/' },
      word: { job_input_type: 'literal', value: 'hello' },
    },
    resources: { instance_count: 1 },
    max_concurrency_per_instance: 2,
    retry_settings: { max_retries: 1, timeout: 30 },
    ...more,
  });

  it('cut the input of a parallel step into mini-batches of files and gather the rows', async () => {
    for (const name of ['a', 'b', 'c']) await lab.upload(`batch/${name}.txt`, name);
    const properties = await pipeline('batch', { score: await parallel('score') });
    assert.equal(properties.status, 'Completed', JSON.stringify((await lab.details('batch')).error));
    const [step] = await steps('batch');
    assert.equal(await lab.blob(`azureml/${step.runId}/rows`), 'hello a of 2\nhello b of 2\nhello c of 1\n');
    assert.match(await lab.log(step.runId), /3 files make 2 mini-batches/);
    assert.match(await lab.log(step.runId, 'logs/user/stdout/0/process000.stdout.txt'), /init in process/);
  });

  it('cut a table into data frames, by size or by the values of columns', async () => {
    await lab.put('/environments/tables/versions/1', {
      image: BASE_IMAGE,
      condaFile: await readFile(CONDA_FILE, 'utf8'),
    });
    await lab.upload('sales/north/apples.csv', 'n;q\n1;10\n2;20\n3;30\n');
    await lab.upload('sales/south/apples.csv', 'n;q\n4;40\n');
    const transformations = [
      '  - read_delimited: { delimiter: ";", header: all_files_same_headers }',
      '  - extract_columns_from_partition_format: { partition_format: "{Store}/{Brand}.csv" }',
    ];
    await lab.upload(
      'sales/MLTable',
      ['paths:', '  - pattern: ./**/*.csv', 'transformations:', ...transformations].join('\n'),
    );
    const code = await lab.code('rows', {
      'rows.py':
        'def run(frame, context):\n' +
        '    return ["%s %s %s" % (row.Store, row.q, context.partition_key_value) for row in frame.itertuples()]\n',
    });
    const componentId = await component('rows', {
      type: 'parallel',
      inputs: { data: { type: 'mltable' } },
      outputs: { rows: { type: 'uri_file' } },
      input_data: '${{inputs.data}}',
      task: {
        type: 'run_function',
        code: `azureml:${code}`,
        entry_script: 'rows.py',
        environment: `azureml:${lab.id}/environments/tables/versions/1`,
        append_row_to: '${{outputs.rows}}',
      },
    });
    const data = { job_input_type: 'mltable', uri: `${STORE}/sales/`, mode: 'Direct' };
    const step = (more: object) => ({ type: 'parallel', componentId, inputs: { data }, ...more });
    const bySize = step({ mini_batch_size: '18b' });
    const byKey = step({ partition_keys: '["Store"]', mini_batch_size: '1kb' });
    const properties = await pipeline('tables', { bySize, byKey });
    assert.equal(properties.status, 'Completed', JSON.stringify((await lab.details('tables')).error));
    const rows = async (name: string): Promise<string | undefined> => {
      const found = (await steps('tables')).find(({ displayName }) => displayName === name);
      assert.match(await lab.log(found.runId), /^4 rows make 2 mini-batches/m);
      return lab.blob(`azureml/${found.runId}/rows`);
    };
    assert.equal(await rows('bySize'), 'north 10 {}\nnorth 20 {}\nnorth 30 {}\nsouth 40 {}\n');
    assert.match(
      String(await rows('byKey')),
      /^(north \d0 {'Store': 'north'}\n){3}south 40 {'Store': 'south'}\n$/,
    );
  });

  it('forgive a parallel step what it allows to fail, and fail with the reason beyond', async () => {
    await lab.upload('batch/bad.txt', 'x');
    const forgiven = await parallel('score', { mini_batch_error_threshold: 1 });
    assert.equal((await pipeline('forgiven', { score: forgiven })).status, 'Completed');
    const [step] = await steps('forgiven');
    assert.match(await lab.log(step.runId), /failed \(attempt 2\): ValueError: cannot read bad.txt/);
    const strict = await parallel('score', { mini_batch_error_threshold: 0 });
    assert.equal((await pipeline('strict', { score: strict })).status, 'Failed');
    assert.match(await failure('strict'), /More mini-batches failed \(1\) than mini_batch_error_threshold/);
  });

  it('take what an unchanged step gave before, and run it again when asked or when something differs', async () => {
    const write = await component('make', {
      command: 'echo ${{inputs.x}} > ${{outputs.out}}/a.txt; echo made',
      inputs: { x: { type: 'string' } },
      outputs: { out: { type: 'uri_folder' } },
    });
    const read = await component('take', {
      command: 'cat ${{inputs.from}}/a.txt > ${{outputs.kept}}/b.txt',
      inputs: { from: { type: 'uri_folder' } },
      outputs: { kept: { type: 'uri_folder' } },
    });
    const dice = await component('dice', { command: 'true', is_deterministic: false });
    const jobs = (x: string) => ({
      dice: { componentId: dice },
      make: { componentId: write, inputs: { x } },
      take: {
        componentId: read,
        inputs: { from: '${{parent.jobs.make.outputs.out}}' },
        outputs: { kept: '${{parent.outputs.kept}}' },
      },
    });
    const outputs = { kept: { jobOutputType: 'uri_folder' } };
    const reused = async (name: string) =>
      Object.fromEntries(
        (await steps(name)).map((step) => [step.displayName, 'azureml.isreused' in step.properties]),
      );
    const stepOf = async (name: string) =>
      (await steps(name)).find(({ displayName }) => displayName === 'make');
    const none = { dice: false, make: false, take: false };
    await pipeline('once', jobs('1'), { outputs });
    const again = await pipeline('again', jobs('1'), { outputs });
    assert.deepEqual(await reused('again'), { dice: false, make: true, take: true });
    const [make, original] = [await stepOf('again'), await stepOf('once')];
    assert.equal(make.properties['azureml.reusedrunid'], original.runId);
    assert.equal(make.properties['azureml.reusedpipelinerunid'], 'once');
    assert.equal(await lab.log(make.runId), 'made\n', 'its log is that of the run it takes from');
    assert.match(again.outputs.kept.uri, /azureml\/once\/kept\/$/);
    const taker = { command: 'cat ${{inputs.x}}/b.txt' };
    await lab.submit('outside', {
      ...taker,
      inputs: { x: { jobInputType: 'uri_folder', uri: 'azureml://jobs/again/outputs/kept' } },
    });
    assert.equal((await lab.ended('outside')).properties.status, 'Completed');
    await pipeline('changed', jobs('2'), { outputs });
    assert.deepEqual(await reused('changed'), none);
    await pipeline('forced', jobs('1'), { outputs, settings: { force_rerun: true } });
    assert.deepEqual(await reused('forced'), none);
  });

  it('end at the first failure when told not to go on', async () => {
    const bad = await component('bad', { command: 'exit 4' });
    const slow = await component('slow', { command: 'sleep 300' });
    const jobs = { bad: { componentId: bad }, slow: { componentId: slow } };
    await pipeline('halt', jobs, { settings: { continue_on_step_failure: false } });
    const ended = (await steps('halt')).map(({ displayName, status }) => [displayName, status]).sort();
    assert.deepEqual(ended, [
      ['bad', 'Failed'],
      ['slow', 'Canceled'],
    ]);
  });

  it('run the block that a condition wants, and nothing of the other', async () => {
    const judge = await component('judge', {
      command: 'echo True > ${{outputs.good}}',
      outputs: { good: { type: 'boolean', is_control: true } },
    });
    const say = await component('say', { command: 'echo ran' });
    const { status } = await pipeline('conditional', {
      judge: { componentId: judge },
      if: {
        type: 'if_else',
        condition: '${{parent.jobs.judge.outputs.good}}',
        true_block: '${{parent.jobs.yes}}',
        false_block: ['${{parent.jobs.no}}'],
      },
      yes: { componentId: say },
      no: { componentId: say },
    });
    assert.equal(status, 'Completed');
    assert.deepEqual(
      (await steps('conditional')).map(({ displayName }) => displayName),
      ['judge', 'yes'],
    );
  });

  it('repeat a step with what it gave, until it has enough', async () => {
    const count = await component('count', {
      command:
        'n=$((${{inputs.n}} + 1)); printf $n > ${{outputs.next}}; [ $n -lt 3 ] && echo true > ${{outputs.more}} || echo false > ${{outputs.more}}',
      inputs: { n: { type: 'integer' } },
      outputs: { next: { type: 'integer' }, more: { type: 'boolean', is_control: true } },
    });
    const show = await component('show', {
      command: 'echo got ${{inputs.n}}',
      inputs: { n: { type: 'integer' } },
    });
    await pipeline('looping', {
      count: { componentId: count, inputs: { n: '0' } },
      loop: {
        type: 'do_while',
        body: '${{parent.jobs.count}}',
        condition: '${{parent.jobs.count.outputs.more}}',
        mapping: { next: ['${{parent.jobs.count.inputs.n}}'] },
        limits: { max_iteration_count: 5 },
      },
      show: { componentId: show, inputs: { n: '${{parent.jobs.count.outputs.next}}' } },
    });
    const all = await steps('looping');
    assert.deepEqual(
      all.map(({ displayName }) => displayName),
      ['count', 'count', 'count', 'show'],
    );
    assert.equal(await lab.log(all[3].runId), 'got 3\n');
  });

  it('run a step for every item, and gather what all gave', async () => {
    const square = await component('square', {
      command:
        'printf $((${{inputs.n}} * ${{inputs.n}})) | tee ${{outputs.result}} > ${{outputs.folder}}/square.txt',
      inputs: { n: { type: 'integer' } },
      outputs: { result: { type: 'integer' }, folder: { type: 'uri_folder' } },
    });
    const list = await component('list', {
      command: 'echo "${{inputs.all}}"; find ${{inputs.table}} -name square.txt | sort | xargs cat',
      inputs: { all: { type: 'string' }, table: { type: 'mltable' } },
    });
    await pipeline('each', {
      square: { componentId: square },
      each: { type: 'parallel_for', body: '${{parent.jobs.square}}', items: '[{"n": 2}, {"n": 3}]' },
      list: {
        componentId: list,
        inputs: {
          all: '${{parent.jobs.each.outputs.result}}',
          table: {
            job_input_type: 'mltable',
            mode: 'EvalMount',
            uri: '${{parent.jobs.each.outputs.folder}}',
          },
        },
      },
    });
    const all = await steps('each');
    assert.equal(all.length, 3);
    const [first, second] = (await lab.log(all[2].runId)).split('\n');
    assert.equal(first, '[4,9]', await lab.log('each', 'logs/azureml/executionlogs.txt'));
    assert.ok(['49', '94'].includes(second ?? ''), second);
  });
});
