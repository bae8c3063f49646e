import assert from 'node:assert/strict';
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { JOB, startTrainKit, type TrainKit } from './kit.ts';

const SWEEP = `type: sweep
experiment_name: sweep
trial: { command: "python3 train.py \${{search_space.alpha}}", code: src, environment: azureml:plain:1 }
compute: azureml:cpu-cluster
sampling_algorithm: grid
search_space: { alpha: { type: choice, values: [1, 2] } }
objective: { goal: minimize, primary_metric: rmse }
limits: { max_total_trials: 2, max_concurrent_trials: 2, timeout: 600 }
`;

const PIPELINE = `type: pipeline
experiment_name: pipeline
settings: { default_compute: azureml:cpu-cluster }
jobs:
  prepare:
    type: command
    command: echo 1 > \${{outputs.table}}/a.csv
    environment: azureml:plain:1
    outputs: { table: { type: uri_folder } }
  fit:
    type: command
    component: fit.yml
    inputs: { table: '\${{parent.jobs.prepare.outputs.table}}' }
`;
/** Its code is merged with a file from beside the code folder. */
const FIT = `type: command
code: src
additional_includes: [shared/three.py]
command: cat \${{inputs.table}}/a.csv && python3 train.py
environment: azureml:plain:1
inputs: { table: { type: uri_folder } }
`;

describe('TrainModel, with jobs that succeed', () => {
  let kit: TrainKit;
  before(async () => {
    kit = await startTrainKit();
  });
  after(() => kit.stop());

  it('submits the job of a file, shows its log, and reports status, metrics, address and evidence', async () => {
    const jobFile = await kit.project(
      'command',
      'import track\nprint("fitting")\ntrack.metrics({"rmse": 53.25, "test/r2": 0.5})\n',
    );
    const done = await kit.ok({ jobFile, tags: 'team=risk' });
    assert.match(done.log, /^fitting$/m);
    assert.match(done.log, /Job \S+: Completed \(after \d+ s\)/);
    assert.match(done.message, /completed: rmse 53\.25, test\/r2 0\.5\./);
    const { jobName = '', metrics = '', ...others } = done.outputs;
    assert.deepEqual(JSON.parse(metrics), { rmse: 53.25, 'test/r2': 0.5 });
    assert.equal(others['jobStatus'], 'Completed');
    assert.equal(others['metric_rmse'], '53.25');
    assert.equal(others['metric_test_r2'], '0.5');
    assert.match(others['jobUrl'] ?? '', new RegExp(`/runs/${jobName}\\?`));
    const { properties } = await kit.job(jobName);
    assert.equal(properties.tags['team'], 'risk');
    const [name, text = ''] = Object.entries(done.attachments)[0] ?? [];
    assert.equal(name, `azureml-evidence/${properties.tags['delivery.evidenceHash']}.json`);
    assert(text.includes('"kind":"trained"') && text.includes(jobName), text);
  });

  it('makes a job from inputs alone, sends local data, and gives the outputs back in a folder', async () => {
    const data = await kit.write('inline/rows.csv', 'x\n1\n');
    await kit.write('inline/code/copy.sh', 'cat "$1" > "$2/model.txt"; echo "alpha is $3"\n');
    const outputDirectory = path.join(kit.folder, 'downloaded');
    const done = await kit.ok({
      jobFile: '',
      command: 'sh copy.sh ${{inputs.data}} ${{outputs.model}} ${{inputs.alpha}}',
      code: path.join(kit.folder, 'inline/code'),
      environment: 'azureml:plain@latest',
      compute: 'azureml:cpu-cluster',
      jobInputs: `data=${data}\nalpha=0.5`,
      experimentName: 'inline',
      displayName: 'Made of inputs',
      set: 'outputs.model.type=custom_model\ntags.build=17',
      outputDirectory,
    });
    assert.match(done.log, /^alpha is 0\.5$/m);
    assert.equal(
      await readFile(path.join(outputDirectory, 'named-outputs/model/model.txt'), 'utf8'),
      'x\n1\n',
    );
    assert.match(
      await readFile(path.join(outputDirectory, 'artifacts/user_logs/std_log.txt'), 'utf8'),
      /alpha is 0\.5/,
    );
    const { properties } = await kit.job(done.outputs['jobName'] ?? '');
    assert.equal(properties.experimentName, 'inline');
    assert.equal(properties.displayName, 'Made of inputs');
    assert.equal(properties.tags['build'], '17');
    assert.equal(properties.inputs['data']?.jobInputType, 'uri_file');
  });

  it('writes where the code and the run come from into tags and properties of the job', async () => {
    const done = await kit.ok(
      {},
      {
        variables: {
          'Build.Repository.Uri': 'https://someone:token@dev.azure.com/example/models/_git/diabetes',
          'Build.SourceVersion': '0123456789012345678901234567890123456789',
          'Build.SourceBranch': 'refs/heads/main',
        },
      },
    );
    const { properties } = await kit.job(done.outputs['jobName'] ?? '');
    const { 'git.repository': repository, 'git.commit': commit, 'pipeline.runUrl': url } = properties.tags;
    assert.equal(repository, 'https://dev.azure.com/example/models/_git/diabetes');
    assert.equal(commit, '0123456789012345678901234567890123456789');
    assert.equal(url, 'https://dev.azure.com/example/models/_build/results?buildId=12');
    assert.equal(properties.properties['mlflow.source.git.branch'], 'main');
    assert.equal(properties.properties['mlflow.source.git.commit'], commit);
    assert.equal(properties.properties['azureml.git.build_id'], '12');
    assert(!JSON.stringify(properties).includes('someone'));
  });

  it('sends code once, leaves out what the ignore file names, and follows links with a warning', async () => {
    const jobFile = await kit.project('code', 'import os\nprint(sorted(os.listdir(".")))\n');
    await kit.write('code/src/.amlignore', 'secret.txt\n*.tmp\n');
    await kit.write('code/src/secret.txt', 'hidden');
    await kit.write('code/src/a.tmp', 'hidden');
    await kit.write('elsewhere.txt', 'linked');
    await symlink(path.join(kit.folder, 'elsewhere.txt'), path.join(kit.folder, 'code/src/link.txt'));
    const first = await kit.ok({ jobFile });
    assert.match(first.log, /^Sent .*src \(\d+ files, \d+ bytes\)\.$/m);
    assert.match(first.warnings.join(), /Links are followed.*link\.txt/);
    assert.match(first.log, /'link\.txt'.*'train\.py'/);
    assert.doesNotMatch(first.log, /secret\.txt|a\.tmp/);
    const second = await kit.ok({ jobFile }, { variables: { 'Build.BuildId': '13' } });
    assert.match(second.log, /src .* is unchanged; nothing was sent/);
    assert.notEqual(second.outputs['jobName'], first.outputs['jobName']);
    const codes = await Promise.all(
      [first, second].map(async ({ outputs }) => (await kit.job(outputs['jobName'] ?? '')).properties.codeId),
    );
    assert.equal(codes[0], codes[1]);
  });

  it('follows a sweep, shows its trials with their share, and reports the best one', async () => {
    const script = 'import sys, track\ntrack.metrics({"rmse": float(sys.argv[1])})\n';
    const done = await kit.ok({ jobFile: await kit.project('sweep', script, SWEEP) });
    assert.match(done.log, /^ {2}\S.*: Completed$/m);
    assert.match(done.output, /##vso\[task\.setprogress value=100;\]2 of 2 child jobs ended/);
    const { jobName = '', bestChildJob = '', metric_rmse: best } = done.outputs;
    assert(bestChildJob.startsWith(`${jobName}_`), bestChildJob);
    assert.equal(best, '1');
  });

  it('follows a pipeline job of components with shared code and reports the metrics of its steps', async () => {
    const script = 'import three, track\ntrack.metrics({"mae": three.THREE})\n';
    await kit.write('pipeline/shared/three.py', 'THREE = 3\n');
    await kit.write('pipeline/fit.yml', FIT);
    const done = await kit.ok({ jobFile: await kit.project('pipeline', script, PIPELINE) });
    assert.match(done.log, /^ {2}prepare .*: Completed$/m);
    assert.match(done.log, /^ {2}fit .*: Completed$/m);
    assert.equal(done.outputs['metric_mae'], '3');
  });

  it('names metrics safely, warns of those that share a name, and stops at a hundred', async () => {
    const script = `import track
track.metrics({'a/b': 1, 'a.b': 2, '##vso[task.complete result=Failed]': 3})
track.metrics({'m%03d' % n: n for n in range(120)})
`;
    const done = await kit.ok({ jobFile: await kit.project('metrics', script) });
    const named = Object.keys(done.outputs).filter((name) => name.startsWith('metric_'));
    assert(
      named.every((name) => /^metric_[A-Za-z0-9_]+$/.test(name)),
      named.join(),
    );
    assert(named.length < 100, String(named.length));
    assert.equal(Object.keys(JSON.parse(done.outputs['metrics'] ?? '')).length, 123);
    assert.match(done.warnings.join('\n'), /'a[/.]b' and 'a[/.]b' would both be metric_a_b/);
    assert.match(done.warnings.join('\n'), /123 metrics; those after the first 100/);
  });

  it('only submits when it shall not wait', async () => {
    const jobFile = await kit.project('later', 'print("later")\n', JOB.replace('diabetes', 'later'));
    const done = await kit.ok({ jobFile, waitForCompletion: 'false' });
    assert.match(done.message, /was submitted; it is not waited for/);
    assert.deepEqual(Object.keys(done.outputs).sort(), ['jobName', 'jobStatus', 'jobUrl']);
    await kit.jobIn('Completed', 'later');
  });
});
