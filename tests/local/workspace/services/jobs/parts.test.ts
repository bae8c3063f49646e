import assert from 'node:assert/strict';
import { openLab, until, type Lab } from './lab.ts';

/** Logs a number through MLflow's REST interface with nothing but Python's own library. */
const LOG = `
import json, os, ssl, sys, urllib.request
url = os.environ['MLFLOW_TRACKING_URI'].replace('azureml://', 'https://') + '/api/2.0/mlflow/runs/log-metric'
def log(value, step=0):
    body = json.dumps({'run_id': os.environ['MLFLOW_RUN_ID'], 'key': 'score', 'value': value, 'timestamp': 1, 'step': step})
    headers = {'Authorization': 'Bearer ' + os.environ['MLFLOW_TRACKING_TOKEN'], 'Content-Type': 'application/json'}
    urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers)).read()
`;

describe('Jobs made of parts', () => {
  let lab: Lab;
  let codeId: string;
  before(async () => {
    lab = await openLab();
    codeId = await lab.code('trial', {
      'log.py': LOG,
      'trial.py':
        'import sys, log\nlog.log(float(sys.argv[1]) * float(sys.argv[2]))\nopen(sys.argv[3] + "/value.txt", "w").write(sys.argv[1])\n',
      'steps.py':
        'import itertools, sys, time, log\nvalue = float(sys.argv[1])\nfor step in itertools.count() if value < 5 else range(8):\n    log.log(value, step)\n    time.sleep(0.1)\n',
    });
  });
  after(() => lab.stop());

  const children = async (name: string) =>
    (await lab.send('GET', lab.plane('/history/v1.0', `/runs/${name}/children`))).json.value;
  const sweep = (name: string, properties: object) =>
    lab.put(`/jobs/${name}`, {
      jobType: 'Sweep',
      objective: { goal: 'Maximize', primaryMetric: 'score' },
      samplingAlgorithm: { samplingAlgorithmType: 'Grid' },
      trial: {
        command: 'python trial.py ${{search_space.a}} ${{search_space.b}} ${{outputs.out}}',
        codeId,
        environmentId: lab.environmentId,
      },
      outputs: { out: { jobOutputType: 'uri_folder' } },
      ...properties,
    });
  const component = async (name: string, spec: object) => {
    const componentSpec = {
      name,
      version: '1',
      type: 'command',
      environment: `azureml:${lab.environmentId}`,
      ...spec,
    };
    await lab.put(`/components/${name}/versions/1`, { componentSpec });
    return `${lab.id}/components/${name}/versions/1`;
  };

  it('a sweep goes through its grid and names the best trial, whose outputs are its own', async () => {
    const { status, text } = await sweep('grid', {
      searchSpace: { a: ['choice', [[1, 3, 2]]], b: ['choice', [[2]]] },
      limits: { jobLimitsType: 'Sweep', maxConcurrentTrials: 2 },
    });
    assert.equal(status, 201, text);
    const { properties } = await lab.ended('grid');
    assert.equal(properties.status, 'Completed', JSON.stringify((await lab.details('grid')).error));
    assert.equal(properties.properties.best_child_run_id, 'grid_1');
    assert.equal(properties.properties.score, '6');
    assert.equal(await lab.blob('azureml/grid_1/out/value.txt'), '3');
    assert.match(properties.outputs.out.uri, /azureml\/grid_1\/out\/$/);
    const trials = await children('grid');
    assert.deepEqual(
      trials.map((trial: { tags: { hyperparameters: string } }) => JSON.parse(trial.tags.hyperparameters).a),
      ['1', '3', '2'],
    );
    assert.match(
      await lab.log('grid', 'azureml-logs/hyperdrive.txt'),
      /Trial grid_1 ended Completed; score: 6/,
    );
  });

  it('a sweep draws as many random trials as allowed, the same ones for the same seed', async () => {
    const space = {
      searchSpace: { a: ['uniform', [0, 1]], b: ['choice', [[1]]] },
      samplingAlgorithm: { samplingAlgorithmType: 'Random', seed: 7 },
      limits: { jobLimitsType: 'Sweep', maxTotalTrials: 2 },
    };
    await sweep('random_1', space);
    await sweep('random_2', space);
    const drawn = [];
    for (const name of ['random_1', 'random_2']) {
      assert.equal((await lab.ended(name)).properties.status, 'Completed');
      drawn.push(
        (await children(name)).map(
          (trial: { tags: { hyperparameters: string } }) => trial.tags.hyperparameters,
        ),
      );
    }
    assert.equal(drawn[0].length, 2);
    assert.deepEqual(drawn[0], drawn[1]);
  });

  it('a sweep ends a trial that falls behind before its time', async () => {
    await sweep('early', {
      searchSpace: { a: ['choice', [[10, 1]]], b: ['choice', [[1]]] },
      trial: { command: 'python steps.py ${{search_space.a}}', codeId, environmentId: lab.environmentId },
      earlyTermination: { policyType: 'Bandit', slackFactor: 0.2, evaluationInterval: 1, delayEvaluation: 2 },
    });
    const { properties } = await lab.ended('early');
    assert.equal(properties.status, 'Completed');
    assert.deepEqual(
      (await children('early')).map((trial: { status: string }) => trial.status),
      ['Completed', 'Canceled'],
    );
  });

  it('a sweep whose trials log another metric fails and says which one it looks for', async () => {
    await sweep('nameless', {
      searchSpace: { a: ['choice', [[1]]], b: ['choice', [[1]]] },
      objective: { goal: 'Minimize', primaryMetric: 'loss' },
    });
    assert.equal((await lab.ended('nameless')).properties.status, 'Failed');
    assert.match(
      (await lab.details('nameless')).error.error.message,
      /No trial logged the primary metric 'loss'/,
    );
  });

  it('a sweep learns from its trials with Bayesian sampling', async () => {
    await sweep('bayes', {
      searchSpace: { a: ['uniform', [0, 1]], b: ['choice', [[1, 2]]] },
      samplingAlgorithm: { samplingAlgorithmType: 'Bayesian' },
      limits: { jobLimitsType: 'Sweep', maxTotalTrials: 3, maxConcurrentTrials: 2 },
    });
    const { properties } = await lab.ended('bayes');
    assert.equal(properties.status, 'Completed', JSON.stringify((await lab.details('bayes')).error));
    const drawn = (await children('bayes')).map((trial: { tags: { hyperparameters: string } }) =>
      JSON.parse(trial.tags.hyperparameters),
    );
    assert.equal(drawn.length, 3);
    assert.ok(drawn.every(({ a, b }: { a: string; b: string }) => Number(a) <= 1 && ['1', '2'].includes(b)));
  });

  it('a sweep with Bayesian sampling says what it cannot have', async () => {
    const bayesian = { samplingAlgorithm: { samplingAlgorithmType: 'Bayesian' } };
    await sweep('bayes_normal', {
      ...bayesian,
      searchSpace: { a: ['normal', [0, 1]], b: ['choice', [[1]]] },
    });
    await sweep('bayes_early', {
      ...bayesian,
      searchSpace: { a: ['uniform', [0, 1]], b: ['choice', [[1]]] },
      earlyTermination: { policyType: 'MedianStopping' },
    });
    for (const [name, reason] of [
      ['bayes_normal', /takes choice, uniform and quniform, and 'a' is drawn from another/],
      ['bayes_early', /it has no early termination policy/],
    ] as const) {
      assert.equal((await lab.ended(name)).properties.status, 'Failed');
      assert.match((await lab.details(name)).error.error.message, reason);
    }
  });

  it('a sweep is cancelled with its trials', async () => {
    await sweep('stopped', {
      searchSpace: { a: ['choice', [[1, 2, 3, 4]]], b: ['choice', [[1]]] },
      trial: { command: 'sleep 300', codeId, environmentId: lab.environmentId },
    });
    await until(
      async () => (await children('stopped')).some((trial: { status: string }) => trial.status === 'Running'),
      'a trial to run',
    );
    await lab.send('POST', lab.url('/jobs/stopped/cancel'));
    assert.equal((await lab.ended('stopped')).properties.status, 'Canceled');
    for (const trial of await children('stopped')) assert.equal(trial.status, 'Canceled');
  });

  it('a pipeline hands outputs of steps to steps and inputs of its own to both', async () => {
    const write = await component('write', {
      command:
        'echo ${{inputs.text}} ${{inputs.times}} > ${{outputs.out}}/a.txt $[[&& echo ${{inputs.more}}]]',
      inputs: {
        text: { type: 'string' },
        times: { type: 'integer', default: '2' },
        more: { type: 'string', optional: true },
      },
      outputs: { out: { type: 'uri_folder' } },
    });
    const read = await component('read', {
      command: 'cat ${{inputs.folder}}/a.txt > ${{outputs.result}}/b.txt; cat ${{inputs.table}}',
      inputs: { folder: { type: 'uri_folder' }, table: { type: 'uri_file' } },
      outputs: { result: { type: 'uri_folder' } },
    });
    await lab.upload('pipe/t.csv', 'table');
    const submitted = await lab.put('/jobs/pipe', {
      jobType: 'Pipeline',
      inputs: {
        word: { jobInputType: 'literal', value: 'hello' },
        table: { jobInputType: 'uri_file', uri: 'azureml://datastores/workspaceblobstore/paths/pipe/t.csv' },
      },
      outputs: { final: { jobOutputType: 'uri_folder', mode: 'ReadWriteMount' } },
      settings: { default_compute: `${lab.id}/computes/cpu-cluster` },
      jobs: {
        // Written before the step it waits for.
        second: {
          type: 'command',
          componentId: read,
          inputs: {
            folder: { job_input_type: 'literal', value: '${{parent.jobs.first.outputs.out}}' },
            table: { job_input_type: 'literal', value: '${{parent.inputs.table}}' },
          },
          outputs: { result: { value: '${{parent.outputs.final}}', type: 'literal' } },
        },
        first: {
          type: 'command',
          componentId: write,
          inputs: { text: { job_input_type: 'literal', value: '${{parent.inputs.word}}' } },
        },
      },
    });
    assert.equal(submitted.status, 201, submitted.text);
    const job = await lab.ended('pipe');
    assert.equal(job.properties.status, 'Completed', JSON.stringify((await lab.details('pipe')).error));
    assert.equal(await lab.blob('azureml/pipe/final/b.txt'), 'hello 2\n');
    const steps = await children('pipe');
    assert.deepEqual(
      steps.map((step: { displayName: string }) => step.displayName),
      ['first', 'second'],
    );
    assert.equal(await lab.log(steps[1].runId), 'table');
    const child = await lab.send('GET', lab.url(`/jobs/${steps[0].runId}`));
    assert.equal(child.json.properties.parentJobName, 'pipe');
    const listed = await lab.send('GET', lab.url('/jobs'));
    assert.ok(!listed.json.value.some((one: { name: string }) => one.name === steps[0].runId));
    const { json } = await lab.send('POST', lab.plane('/history/v1.0', '/rundata'), {
      body: { runId: 'pipe' },
    });
    assert.equal(json.runMetadata.outputs.final.type, 'UriFolder');
  });

  it('a pipeline hands on what a step leaves among its artifacts', async () => {
    const leave = await component('leave', {
      command: 'echo left > outputs/a.txt',
      outputs: { artifacts: { type: 'uri_folder' } },
    });
    const take = await component('take', {
      command: 'cat ${{inputs.x}}/outputs/a.txt',
      inputs: { x: { type: 'uri_folder' } },
    });
    await lab.put('/jobs/artifacts', {
      jobType: 'Pipeline',
      jobs: {
        leave: { componentId: leave },
        take: { componentId: take, inputs: { x: '${{parent.jobs.leave.outputs.artifacts}}' } },
      },
    });
    assert.equal(
      (await lab.ended('artifacts')).properties.status,
      'Completed',
      JSON.stringify((await lab.details('artifacts')).error),
    );
  });

  it('a pipeline may hold sweeps and pipelines', async () => {
    const trial = await component('trial', {
      command: 'python trial.py ${{search_space.a}} ${{inputs.b}} ${{outputs.out}}',
      code: `azureml:${codeId}`,
      inputs: { b: { type: 'number' } },
      outputs: { out: { type: 'uri_folder' } },
    });
    const show = await component('show', {
      command: 'echo ${{inputs.x}} > ${{outputs.out}}/x.txt',
      inputs: { x: { type: 'string' } },
      outputs: { out: { type: 'uri_folder' } },
    });
    await lab.put('/components/inner/versions/1', {
      componentSpec: {
        name: 'inner',
        version: '1',
        type: 'pipeline',
        inputs: { x: { type: 'string' } },
        outputs: { kept: { type: 'uri_folder' } },
        jobs: {
          only: {
            type: 'command',
            componentId: show,
            inputs: { x: '${{parent.inputs.x}}' },
            outputs: { out: '${{parent.outputs.kept}}' },
          },
        },
      },
    });
    await lab.put('/jobs/nest', {
      jobType: 'Pipeline',
      outputs: { best: { jobOutputType: 'uri_folder' }, kept: { jobOutputType: 'uri_folder' } },
      jobs: {
        tune: {
          type: 'sweep',
          trial: { componentId: trial },
          inputs: { b: { job_input_type: 'literal', value: '2' } },
          search_space: { a: { type: 'choice', values: [1, 5] } },
          sampling_algorithm: 'grid',
          objective: { goal: 'maximize', primary_metric: 'score' },
          limits: { max_total_trials: 4, max_concurrent_trials: 2 },
        },
        inner: {
          type: 'pipeline',
          componentId: `${lab.id}/components/inner/versions/1`,
          inputs: { x: { job_input_type: 'literal', value: 'deep' } },
          outputs: { kept: { value: '${{parent.outputs.kept}}', type: 'literal' } },
        },
      },
    });
    const { properties } = await lab.ended('nest');
    assert.equal(properties.status, 'Completed', JSON.stringify((await lab.details('nest')).error));
    assert.equal(await lab.blob('azureml/nest/kept/x.txt'), 'deep\n');
    const tune = (await children('nest')).find(
      (step: { displayName: string }) => step.displayName === 'tune',
    );
    assert.equal(tune.properties.score, '10');
  });

  it('a pipeline with a failing step fails, names it, and does not run what waits for it', async () => {
    const bad = await component('bad', { command: 'exit 4', outputs: { out: { type: 'uri_folder' } } });
    const next = await component('next', {
      command: 'cat ${{inputs.x}}',
      inputs: { x: { type: 'uri_folder' } },
    });
    const fine = await component('fine', { command: 'true' });
    await lab.put('/jobs/failing', {
      jobType: 'Pipeline',
      jobs: {
        bad: { componentId: bad },
        next: { componentId: next, inputs: { x: '${{parent.jobs.bad.outputs.out}}' } },
        fine: { componentId: fine },
      },
    });
    assert.equal((await lab.ended('failing')).properties.status, 'Failed');
    assert.match(
      (await lab.details('failing')).error.error.message,
      /Step 'bad': Execution failed\..*status code 4/s,
    );
    const steps = await children('failing');
    assert.deepEqual(
      steps.map((step: { displayName: string; status: string }) => [step.displayName, step.status]).sort(),
      [
        ['bad', 'Failed'],
        ['fine', 'Completed'],
      ],
    );
    assert.match(
      await lab.log('failing', 'logs/azureml/executionlogs.txt'),
      /Step next is not run: a step before it did not complete/,
    );
  });

  for (const [what, jobs, reason] of [
    [
      'steps in a circle',
      {
        a: { componentId: 'C', inputs: { x: '${{parent.jobs.b.outputs.o}}' } },
        b: { componentId: 'C', inputs: { x: '${{parent.jobs.a.outputs.o}}' } },
      },
      /'a', 'b' wait for each other/,
    ],
    [
      'a step that is not there',
      { a: { componentId: 'C', inputs: { x: '${{parent.jobs.z.outputs.o}}' } } },
      /takes an output of 'z', and the pipeline has no such step/,
    ],
    ['an unknown component', { a: { componentId: 'azureml:none:1' } }, /component 'none:1' was not found/],
    [
      'a step of another kind',
      { a: { type: 'automl', task: 'regression' } },
      /of the type 'automl', which the embedded workspace accepts but does not run/,
    ],
  ] as const) {
    it(`a pipeline with ${what} fails with the reason`, async () => {
      const known = await component('known', {
        command: 'true',
        inputs: { x: { type: 'string', optional: true } },
        outputs: { o: { type: 'uri_folder' } },
      });
      const name = `wrong_${what.replaceAll(' ', '_')}`;
      await lab.put(`/jobs/${name}`, {
        jobType: 'Pipeline',
        jobs: JSON.parse(JSON.stringify(jobs).replaceAll('"C"', JSON.stringify(known))),
      });
      assert.equal((await lab.ended(name)).properties.status, 'Failed');
      assert.match((await lab.details(name)).error.error.message, reason);
    });
  }
});
