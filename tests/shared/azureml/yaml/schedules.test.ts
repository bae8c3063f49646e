import assert from 'node:assert/strict';
import { compileFile, readYaml } from '../../../../shared/azureml/yaml/index.ts';
import { files, refusals, shown, type Files } from './fixture.ts';

type Json = Record<string, unknown>;
const compiled = (text: string) => compileFile(readYaml(text, 'schedule.yml'), { use: 'schedule' });
const action = (text: string) => (shown(compiled(text))['properties'] as Json)['action'] as Json;
const DAILY = 'name: s\ntrigger: {type: recurrence, frequency: day, interval: 2}\n';
const COMPUTE = '  compute: {instance_type: standard_e4s_v3, runtime_version: "3.4"}\n';

describe('a schedule', () => {
  let folder: Files;
  before(async () => {
    folder = await files({
      'schedules/s.yml': `${DAILY}create_job: ../jobs/job.yml\n`,
      'schedules/changed.yml': `${DAILY}create_job: {type: pipeline, job: ../jobs/job.yml, experiment_name: nightly, settings: {force_rerun: true}}\n`,
      'schedules/command.yml': `${DAILY}create_job: ../jobs/command.yml\n`,
      'jobs/job.yml':
        'type: pipeline\nexperiment_name: daily\nsettings: {default_compute: azureml:cpu}\njobs:\n  one: {type: command, command: python a.py, code: src, environment: azureml:e:1}\n',
      'jobs/command.yml': 'command: echo\nenvironment: azureml:e:1\ncompute: azureml:cpu\n',
      'jobs/src/a.py': '',
    });
  });
  after(() => folder.remove());
  const job = (name: string) =>
    ((shown(compileFile(folder.read(`schedules/${name}.yml`)))['properties'] as Json)['action'] as Json)[
      'jobDefinition'
    ] as Json;

  it('holds the whole job of the file it names, whose paths start from its own folder', () => {
    const compilation = compileFile(folder.read('schedules/s.yml'));
    assert.deepEqual(
      compilation.assets.map(({ kind }) => kind),
      ['code', 'version'],
    );
    assert.equal(job('s')['experimentName'], 'daily');
    assert.deepEqual(job('s')['settings'], { _source: 'YAML.JOB', default_compute: '<computes/cpu>' });
  });

  it('may change some of the job, member by member', () => {
    assert.equal(job('changed')['experimentName'], 'nightly');
    assert.deepEqual(job('changed')['settings'], {
      _source: 'YAML.JOB',
      default_compute: '<computes/cpu>',
      force_rerun: true,
    });
  });

  it('runs pipelines only', () => {
    assert.match(refusals(() => compileFile(folder.read('schedules/command.yml')))[0]!, /runs pipelines/);
  });

  it('runs an earlier job again', () => {
    assert.deepEqual(action(`${DAILY}create_job: azureml:done\n`)['jobDefinition'], {
      jobType: 'Pipeline',
      isArchived: false,
      experimentName: '',
      sourceJobId: 'done',
    });
  });

  it('is due by a cron expression or a recurrence, its times without their zone', () => {
    const { trigger } = shown(
      compiled(
        'name: s\ncreate_job: azureml:j\ntrigger: {type: recurrence, frequency: week, interval: 1, schedule: {hours: 4, minutes: [0, 30], week_days: monday}, start_time: "2026-07-10T10:00:00+02:00", time_zone: Pacific Standard Time}\n',
      ),
    )['properties'] as Json;
    assert.deepEqual(trigger, {
      triggerType: 'Recurrence',
      startTime: '2026-07-10 10:00:00',
      timeZone: 'Pacific Standard Time',
      frequency: 'Week',
      interval: 1,
      schedule: { hours: [4], minutes: [0, 30], weekDays: ['Monday'] },
    });
    assert.match(
      refusals(() =>
        compiled('name: s\ncreate_job: azureml:j\ntrigger: {type: cron, expression: x, start_time: soon}\n'),
      )[0]!,
      /must be a time such as/,
    );
  });

  it('imports data', () => {
    const { dataImportDefinition } = action(
      `${DAILY}import_data: {name: n, path: azureml://datastores/d/paths/p, source: {type: database, connection: azureml:c, query: select 1}}\n`,
    );
    assert.deepEqual((dataImportDefinition as Json)['source'], {
      sourceType: 'database',
      connection: 'azureml:c',
      query: 'select 1',
    });
  });
});

describe('a monitor', () => {
  const target = '  monitoring_target: {ml_task: classification, endpoint_deployment_id: azureml:e:d}\n';
  const signals = (text: string) =>
    (action(`${DAILY}create_monitor:\n${COMPUTE}${text}`)['monitorDefinition'] as Json)['signals'] as Json;

  it('without signals watches drift and quality of what the deployment collects', () => {
    const found = signals(target);
    assert.deepEqual(Object.keys(found), [
      'data-drift-signal',
      'prediction-drift-signal',
      'data-quality-signal',
    ]);
    assert.deepEqual((found['prediction-drift-signal'] as Json)['referenceData'], {
      inputDataType: 'Trailing',
      dataContext: 'model_outputs',
      jobInputType: '<type of model_outputs of e/d>',
      uri: '<id of model_outputs of e/d>',
      windowSize: 'P4D',
      windowOffset: 'P2D',
    });
  });

  it('holds production against a fixed set, and measures by what is given', () => {
    const { drift } = signals(
      `${target}  monitoring_signals:\n    drift:\n      type: data_drift\n      alert_enabled: true\n` +
        '      reference_data: {input_data: {path: azureml:r:1, type: mltable}, data_context: training}\n' +
        '      metric_thresholds: {numerical: {jensen_shannon_distance: 0.01}}\n',
    );
    const { referenceData, metricThresholds, mode } = drift as Json;
    assert.deepEqual(referenceData, {
      inputDataType: 'Fixed',
      dataContext: 'training',
      jobInputType: 'mltable',
      uri: '<data/r:1>',
    });
    assert.deepEqual(metricThresholds, [
      { dataType: 'Numerical', metric: 'JensenShannonDistance', threshold: { value: 0.01 } },
    ]);
    assert.equal(mode, 'Enabled');
  });

  it('keeps the secrets of a custom signal out of sight', () => {
    const { own } = signals(
      `${target}  monitoring_signals:\n    own:\n      type: custom\n      component_id: azureml:c:1\n` +
        '      connection: {secret_config: {KEY: hush}}\n      metric_thresholds: [{metric_name: m, threshold: 1}]\n',
    );
    assert.deepEqual((own as Json)['workspaceConnection'], { secrets: { KEY: '***' } });
  });

  it('without a deployment needs the data of each signal', () => {
    assert.deepEqual(refusals(() => signals('  monitoring_signals: {q: {type: data_quality}}\n')).length, 2);
    assert.match(refusals(() => signals(''))[0]!, /needs 'monitoring_signals'/);
  });

  it('goes with the one version that knows alerts and all signals', () => {
    const { apiVersion } = compiled(`${DAILY}create_monitor:\n${COMPUTE}${target}`);
    assert.equal(apiVersion, '2023-06-01-preview');
  });
});
