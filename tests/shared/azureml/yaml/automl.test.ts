import assert from 'node:assert/strict';
import { compileJob, readYaml } from '../../../../shared/azureml/yaml/index.ts';
import { problems, refusals, shown } from './fixture.ts';

type Json = Record<string, unknown>;

const HEAD =
  'type: automl\ntraining_data: {type: mltable, path: azureml:d:1}\ntarget_column_name: y\ncompute: c\n';

function sent(task: string, more = ''): Json {
  const compiled = compileJob(readYaml(`${HEAD}task: ${task}\n${more}`, 'job.yml'));
  return shown(compiled)['properties'] as Json;
}

function details(task: string, more = ''): Json {
  return sent(task, more)['taskDetails'] as Json;
}

/** A step of a pipeline, which is sent in the file's words. */
function step(task: string, more = ''): Json {
  const lines = `${HEAD}task: ${task}\n${more}`.trimEnd().split('\n');
  const body = lines.map((line) => `    ${line}`).join('\n');
  const text = `type: pipeline\nsettings: {default_compute: azureml:cpu}\njobs:\n  s:\n${body}\n`;
  const properties = shown(compileJob(readYaml(text, 'job.yml')))['properties'] as Json;
  return (properties['jobs'] as Json)['s'] as Json;
}

describe('an AutoML job', () => {
  it('is told its task, its data and what it is measured by, which has a usual value', () => {
    assert.deepEqual(details('classification'), {
      taskType: 'Classification',
      targetColumnName: 'y',
      trainingData: { jobInputType: 'mltable', uri: '<data/d:1>' },
      primaryMetric: 'AUCWeighted',
      logVerbosity: 'Info',
    });
  });

  it('is referred to the page of its task', () => {
    const wrong = () => compileJob(readYaml(`${HEAD}task: text_ner\nlimit: 1\n`, 'job.yml'));
    const [problem] = problems(wrong);
    assert.match(problem?.next ?? '', /reference-automl-nlp-cli-ner/);
  });

  it('sends words in the API’s spelling, whichever the file has', () => {
    const training =
      'training: {allowed_training_algorithms: [light_gbm, XGBoostRegressor], training_mode: auto}\n';
    assert.deepEqual(details('regression', training)['trainingSettings'], {
      allowedTrainingAlgorithms: ['LightGBM', 'XGBoostRegressor'],
      trainingMode: 'Auto',
    });
    assert.equal(details('classification', 'primary_metric: AUC_weighted\n')['primaryMetric'], 'AUCWeighted');
  });

  it('sends limits of minutes as durations', () => {
    const limits =
      'limits: {timeout_minutes: 90, trial_timeout_minutes: 15, max_trials: 20, exit_score: 1}\n';
    assert.deepEqual(details('classification', limits)['limitSettings'], {
      timeout: 'PT1H30M',
      trialTimeout: 'PT15M',
      maxTrials: 20,
      exitScore: 1,
      sweepConcurrentTrials: 0,
      sweepTrials: 0,
    });
  });

  it('tells automatic settings of a forecast from values of one’s own', () => {
    const settings =
      'forecasting: {forecast_horizon: auto, target_lags: 3, seasonality: 7, time_series_id_column_names: a}\nn_cross_validations: 5\n';
    const read = details('forecasting', settings);
    assert.deepEqual(read['forecastingSettings'], {
      forecastHorizon: { mode: 'Auto' },
      targetLags: { mode: 'Custom', values: [3] },
      seasonality: { mode: 'Custom', value: 7 },
      timeSeriesIdColumnNames: ['a'],
    });
    assert.deepEqual(read['nCrossValidations'], { mode: 'Custom', value: 5 });
  });

  it('writes a search space as the API’s text, without exponents', () => {
    const space =
      'search_space:\n- model_name: {type: choice, values: [a, b]}\n  learning_rate: {type: uniform, min_value: 0.001, max_value: 1}\n' +
      '  weight_decay: 1.0e-5\n  nesterov: {type: choice, values: [true, false]}\n  number_of_epochs: {type: qnormal, mu: 1, sigma: 2, q: 1}\n';
    assert.deepEqual(details('image_classification', space)['searchSpace'], [
      {
        modelName: "choice('a','b')",
        learningRate: 'uniform(0.001,1)',
        weightDecay: '0.00001',
        nesterov: 'choice(True,False)',
        numberOfEpochs: 'qnormal(1,2,1)',
      },
    ]);
  });

  it('of text sends null for what its training leaves out, one trial on one node, and no metric of its own', () => {
    const read = details('text_ner', 'training_parameters: {learning_rate: 0.1}\n');
    assert.deepEqual(read['limitSettings'], { maxNodes: 1, maxTrials: 1 });
    assert.equal((read['fixedParameters'] as Json)['learningRate'], 0.1);
    assert.equal((read['fixedParameters'] as Json)['modelName'], null);
    assert.ok(!('primaryMetric' in read) && !('targetColumnName' in read));
  });

  it('tells all that is wrong at once, with the nearest word', () => {
    assert.deepEqual(
      refusals(() => sent('classification', 'primary_metric: acuracy\nlimits: {max_trails: 3}\nfoo: 1\n')),
      [
        "6:17 'primary_metric' must be auc_weighted, accuracy, norm_macro_recall, average_precision_score_weighted or precision_score_weighted, not 'acuracy'. Did you mean 'accuracy'?",
        "7:10 'max_trails' is not known in 'limits'. Did you mean 'max_trials'?",
        "8:1 'foo' is not known here.",
      ],
    );
    assert.match(refusals(() => sent('clasification'))[0]!, /Did you mean 'classification'\?/);
  });
});

describe('an AutoML step of a pipeline', () => {
  it('goes along in the file’s own words, with nothing made of it', () => {
    assert.deepEqual(step('image_object_detection', 'training_parameters: {model_size: extra_large}\n'), {
      name: 's',
      type: 'automl',
      task: 'image_object_detection',
      compute: 'azureml:<computes/c>',
      target_column_name: 'y',
      training_data: { type: 'mltable', path: '<data/d:1>' },
      training_parameters: { model_size: 'extra_large' },
      primary_metric: 'mean_average_precision',
      log_verbosity: 'info',
      limits: {},
      tags: {},
      properties: {},
      outputs: {},
    });
  });

  it('may be bound to inputs of the pipeline, and takes spaces written as text', () => {
    const more =
      'limits: {max_trials: "${{parent.inputs.n}}"}\nsearch_space: [{number_of_epochs: "choice(1, 2)", learning_rate: "uniform(0.1, 1)"}]\n';
    const read = step('image_classification', more);
    assert.deepEqual(read['limits'], { max_trials: '${{parent.inputs.n}}' });
    assert.deepEqual(read['search_space'], [
      { number_of_epochs: 'choice(1,2)', learning_rate: 'uniform(0.1,1)' },
    ]);
  });
});
