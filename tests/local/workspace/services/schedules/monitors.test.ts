import assert from 'node:assert/strict';
import { openLab, type Lab } from '../jobs/lab.ts';

const BREACH = 'azureml_modelmonitor_threshold_breached';

/** Rows of an age that moves and a country that does not. */
function rows(age: number, count = 200): string {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      age: age + (index % 20),
      country: ['NL', 'DE', 'FR'][index % 3],
      label: age + (index % 20) > 40 ? 1 : 0,
    }),
  );
  return `${lines.join('\n')}\n`;
}

const WRITE = `
def write(folder, rows):
    os.makedirs(folder, exist_ok=True)
    with open(folder + '/rows.jsonl', 'w') as file: file.writelines(json.dumps(row) + chr(10) for row in rows)
    with open(folder + '/MLTable', 'w') as file: file.write('paths: [{file: rows.jsonl}]\\ntransformations: [read_json_lines]')
`;
const PREPARE = `import json, os, sys${WRITE}
start, end, data, out = sys.argv[1:]
assert os.path.isdir(data)
write(out, [{'start': start, 'end': end}])`;
const MEASURE = `import json, os, sys${WRITE}
data, threshold, out = sys.argv[1:]
window = json.loads(open(data + '/rows.jsonl').read())
write(out, [{'group': window['start'], 'metric_name': 'spread', 'metric_value': 3, 'threshold_value': float(threshold)}])`;

describe('monitors', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab({ tokenLifetimeInSeconds: 1e9 });
    await lab.upload('reference/rows.jsonl', rows(30));
    await lab.upload(
      'reference/MLTable',
      'paths:\n  - file: ./rows.jsonl\ntransformations:\n  - read_json_lines\n',
    );
    await lab.upload('production/2030/01/01/10/rows.jsonl', rows(30));
    await lab.upload('production/2030/01/08/10/rows.jsonl', rows(60));
  });
  after(() => lab.stop());

  /** A command component without packages, which runs a Python script. */
  const component = (name: string, script: string, ports: object) =>
    lab.put(`/components/${name}/versions/1`, {
      componentSpec: {
        name,
        version: '1',
        type: 'command',
        command: `python -c "$SCRIPT" ${Object.entries(ports)
          .flatMap(([group, members]) =>
            Object.keys(members as object).map((one) => `"\${{${group}.${one}}}"`),
          )
          .join(' ')}`,
        environment: `azureml:${lab.environmentId}`,
        environment_variables: { SCRIPT: script },
        ...ports,
      },
    });
  const reference = {
    inputDataType: 'Fixed',
    jobInputType: 'mltable',
    uri: 'azureml://datastores/workspaceblobstore/paths/reference/',
    columns: { target_column: 'label' },
  };
  const production = {
    inputDataType: 'Rolling',
    jobInputType: 'uri_folder',
    uri: 'azureml://datastores/workspaceblobstore/paths/production/',
    windowSize: 'P7D',
    windowOffset: 'P0D',
  };
  const limit = (dataType: string, metric: string, value: number) => ({
    dataType,
    metric,
    threshold: { value },
  });
  const monitor = (signals: object) => ({
    trigger: { triggerType: 'Cron', expression: '0 12 * * *', startTime: '2029-01-01T00:00:00' },
    action: {
      actionType: 'CreateMonitor',
      monitorDefinition: {
        computeConfiguration: {
          computeType: 'ServerlessSpark',
          instanceType: 'standard_e4s_v3',
          runtimeVersion: '3.4',
          computeIdentity: { computeIdentityType: 'AmlToken' },
        },
        monitoringTarget: { taskType: 'Classification' },
        signals,
        alertNotificationSettings: { emailNotificationSettings: { emails: ['a@example.org'] } },
      },
    },
  });
  const runAt = async (name: string, scheduleTime: string) => {
    const { json } = await lab.send('POST', lab.url(`/schedules/${name}/trigger`), {
      body: { scheduleTime },
    });
    return lab.ended(json.submissionId);
  };

  it('looks at the days before its run, logs what it measured, and tags the run whose limits are broken', async () => {
    const quality = {
      signalType: 'DataQuality',
      productionData: production,
      referenceData: reference,
      features: { filterType: 'TopNByAttribution', top: 1 },
      metricThresholds: [
        limit('Numerical', 'OutOfBoundsRate', 0.1),
        limit('Numerical', 'NullValueRate', 0.1),
      ],
    };
    const attribution = {
      signalType: 'FeatureAttributionDrift',
      productionData: [production],
      referenceData: reference,
      featureImportanceSettings: { mode: 'Enabled', targetColumn: 'label' },
      metricThreshold: { metric: 'NormalizedDiscountedCumulativeGain', threshold: { value: 0.5 } },
    };
    const answers = {
      signalType: 'PredictionDrift',
      productionData: { ...production, columns: { prediction_column: 'label' } },
      referenceData: reference,
      metricThresholds: [
        limit('Numerical', 'JensenShannonDistance', 0.9),
        limit('Numerical', 'TwoSampleKolmogorovSmirnovTest', 0.05),
      ],
    };
    const drift = {
      signalType: 'DataDrift',
      productionData: production,
      referenceData: reference,
      features: { filterType: 'FeatureSubset', features: ['age', 'country'] },
      metricThresholds: [
        limit('Numerical', 'NormalizedWassersteinDistance', 5),
        limit('Categorical', 'PopulationStabilityIndex', 0.1),
      ],
    };
    const made = await lab.put('/schedules/watch', monitor({ quality, attribution, answers, drift }));
    assert.equal(made.status, 201, made.text);
    const run = await runAt('watch', '2030-01-09T00:00:00Z');
    assert.equal(run.properties.status, 'Completed');
    assert.match(
      run.properties.tags[BREACH],
      /The signal 'watch_quality' has failed due to one or more features violating metric thresholds/,
    );
    const address = lab.plane('/mlflow/v1.0', '/api/2.0/mlflow/runs/get');
    const { metrics } = (await lab.send('GET', `${address}?run_id=${run.name}`)).json.run.data;
    const values = Object.fromEntries(
      metrics.map(({ key, value }: { key: string; value: number }) => [key, value]),
    );
    assert.equal(values['watch_quality/age/OutOfBoundsRate'], 1);
    assert.equal(values['watch_quality/age/NullValueRate'], 0);
    assert.ok(values['watch_attribution/all/NormalizedDiscountedCumulativeGain'] > 0.5);
    const measured = (start: string) => Object.keys(values).filter((key) => key.startsWith(start));
    assert.deepEqual(measured('watch_answers/').sort(), [
      'watch_answers/label/JensenShannonDistance',
      'watch_answers/label/TwoSampleKolmogorovSmirnovTest',
    ]);
    assert.ok(values['watch_answers/label/JensenShannonDistance'] > 0.3);
    assert.ok(values['watch_answers/label/TwoSampleKolmogorovSmirnovTest'] < 1e-6);
    assert.match(run.properties.tags[BREACH], /watch_answers/);
    assert.ok(values['watch_drift/age/NormalizedWassersteinDistance'] > 3);
    assert.equal(values['watch_drift/country/PopulationStabilityIndex'], 0);
    assert.deepEqual(measured('watch_drift/').length, 2);
    assert.match(await lab.log(run.name, 'logs/azureml/monitor.txt'), /a@example.org; .* sends no mail/);
  });

  it("runs a component of the user's own on data that another has prepared for the window", async () => {
    await component('prepare', PREPARE, {
      inputs: {
        data_window_start: { type: 'string' },
        data_window_end: { type: 'string' },
        input_data: { type: 'uri_folder' },
      },
      outputs: { preprocessed_input_data: { type: 'mltable' } },
    });
    await component('measure', MEASURE, {
      inputs: { production_data: { type: 'mltable' }, spread_threshold: { type: 'string' } },
      outputs: { signal_metrics: { type: 'mltable' } },
    });
    const custom = {
      signalType: 'Custom',
      componentId: `${lab.id}/components/measure/versions/1`,
      inputAssets: {
        production_data: {
          ...production,
          preprocessingComponentId: `${lab.id}/components/prepare/versions/1`,
        },
      },
      metricThresholds: [{ metric: 'spread', threshold: { value: 2 } }],
    };
    assert.equal((await lab.put('/schedules/own', monitor({ custom }))).status, 201);
    const run = await runAt('own', '2030-01-09T00:00:00Z');
    assert.equal(run.properties.status, 'Completed');
    assert.match(run.properties.tags[BREACH], /own_custom.*"group":"2030-01-02T.*"metric_value":3/);
  });

  it('refuses to run a signal that needs what is not here, by its name', async () => {
    const data = { productionData: [production], referenceData: reference };
    const signals = {
      ModelPerformance: {
        ...data,
        metricThreshold: { metric: 'Accuracy', modelType: 'Classification', threshold: { value: 0.9 } },
      },
      GenerationSafetyQuality: { ...data, metricThresholds: [], samplingRate: 1 },
      GenerationTokenStatistics: { productionData: production, metricThresholds: [], samplingRate: 1 },
    };
    for (const [signalType, signal] of Object.entries(signals)) {
      const name = `other-${signalType}`;
      const path = `${lab.id}/schedules/${name}?api-version=2023-06-01-preview`;
      const body = { properties: monitor({ other: { signalType, ...signal } }) };
      const made = await lab.send('PUT', path, { body });
      assert.equal(made.status, 201, made.text);
      const refused = await lab.send('POST', lab.url(`/schedules/${name}/trigger`), { body: {} });
      assert.equal(refused.status, 400, refused.text);
      assert.match(refused.json.error.message, new RegExp(`signal 'other' is of the type ${signalType}`));
      const stable = await lab.put(`/schedules/${name}`, monitor({ other: { signalType, ...signal } }));
      assert.equal(stable.status, 400, stable.text);
    }
  });
});
