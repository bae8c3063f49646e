import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectionTo } from '../../../local/cli/connection.ts';
import { createServerTasks } from '../../../local/runner/index.ts';
import { createProject, removeProjects } from '../../local/runner/execute/harness.ts';
import { bash, definition, gates, stage, task } from '../../local/runner/release/definitions.ts';
import { release, type Released } from '../../local/runner/release/harness.ts';
import { openLab, until, type Lab } from '../../local/workspace/services/jobs/lab.ts';

const DATA = 'azureml://datastores/workspaceblobstore/paths';

/** Rows whose age moves with `from`. */
function rows(from: number): string {
  const all = Array.from({ length: 100 }, (_, index) => ({
    age: from + (index % 20),
    country: ['NL', 'DE'][index % 2],
  }));
  return all.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function limit(dataType: string, metric: string, value: number): object {
  return { dataType, metric, threshold: { value } };
}

const drift = {
  signalType: 'DataDrift',
  productionData: {
    inputDataType: 'Rolling',
    jobInputType: 'uri_folder',
    uri: `${DATA}/collected/`,
    windowSize: 'P1D',
    windowOffset: 'P0D',
  },
  referenceData: { inputDataType: 'Fixed', jobInputType: 'uri_folder', uri: `${DATA}/training/` },
  metricThresholds: [
    limit('Numerical', 'NormalizedWassersteinDistance', 0.1),
    limit('Numerical', 'JensenShannonDistance', 0.1),
    limit('Numerical', 'PopulationStabilityIndex', 0.2),
    limit('Numerical', 'TwoSampleKolmogorovSmirnovTest', 0.05),
    limit('Categorical', 'JensenShannonDistance', 0.1),
    limit('Categorical', 'PearsonsChiSquaredTest', 0.05),
  ],
};

describe('DriftGate', () => {
  let lab: Lab;
  let id: string;
  before(async () => {
    // Tokens go by the clock that is moved.
    lab = await openLab({ tokenLifetimeInSeconds: 1e9 });
    await lab.upload('training/rows.jsonl', rows(30));
    await lab.upload('collected/2030/01/01/10/rows.jsonl', rows(30));
    await lab.upload('collected/2030/01/02/10/rows.jsonl', rows(50));
    const file = await readFile(path.resolve('build', 'tasks', 'DriftGate', 'task.json'), 'utf8');
    id = (JSON.parse(file) as { id: string }).id;
  });
  after(async () => {
    await lab.stop();
    removeProjects();
  });

  const gate = (): Promise<Released> => {
    const step = task(id, 'DriftGate', { azureSubscription: 'azureml-local', scheduleName: 'watch' });
    const waiting = { preDeploymentGates: gates([step], { timeout: 15, samplingInterval: 15 }) };
    return release(createProject(), definition([stage('S', [bash('echo in')], waiting)]), {
      connections: [connectionTo(lab.address)],
      taskFolders: [path.resolve('build', 'tasks')],
      serverTasks: createServerTasks({ ca: [lab.ca] }),
    });
  };
  const watch = () =>
    lab.put('/schedules/watch', {
      trigger: { triggerType: 'Cron', expression: '0 12 * * *' },
      action: {
        actionType: 'CreateMonitor',
        monitorDefinition: {
          computeConfiguration: {
            computeType: 'ServerlessSpark',
            instanceType: 'standard_e4s_v3',
            runtimeVersion: '3.4',
            computeIdentity: { computeIdentityType: 'AmlToken' },
          },
          signals: { drift },
        },
      },
    });
  const toTime = (set: string) => lab.send('POST', '/admin/clock', { body: { set } });
  const ran = async (name: string): Promise<Record<string, number>> => {
    await until(
      async () => (await lab.send('GET', lab.url(`/jobs/${name}`))).status === 200,
      `${name} to be there`,
    );
    assert.equal((await lab.ended(name)).properties.status, 'Completed');
    const address = lab.plane('/mlflow/v1.0', `/api/2.0/mlflow/runs/get`);
    const { json } = await lab.send('GET', `${address}?run_id=${name}`);
    const points: { key: string; value: number }[] = json.run.data.metrics;
    return Object.fromEntries(points.map(({ key, value }) => [key.replace('watch_drift/', ''), value]));
  };

  it('stays closed without a run, opens with one that breaks no limit, and closes with one that does', async () => {
    await toTime('2030-01-01T11:00:00Z');
    assert.equal((await watch()).status, 201);
    const none = await gate();
    assert.deepEqual(none.stages(), { S: 'failed' });
    assert.match(none.shown, /Response: \{"value":\[\]\}/);
    await toTime('2030-01-01T12:00:01Z');
    const same = await ran('watch-20300101T120000Z');
    assert.deepEqual(same, {
      'age/NormalizedWassersteinDistance': 0,
      'age/JensenShannonDistance': 0,
      'age/PopulationStabilityIndex': 0,
      'age/TwoSampleKolmogorovSmirnovTest': 1,
      'country/JensenShannonDistance': 0,
      'country/PearsonsChiSquaredTest': 1,
    });
    assert.deepEqual((await gate()).stages(), { S: 'succeeded' });
    await toTime('2030-01-02T12:00:01Z');
    const moved = await ran('watch-20300102T120000Z');
    assert.ok((moved['age/NormalizedWassersteinDistance'] ?? 0) > 3);
    assert.ok((moved['age/JensenShannonDistance'] ?? 0) > 0.8);
    assert.ok((moved['age/TwoSampleKolmogorovSmirnovTest'] ?? 1) < 1e-6);
    assert.equal(moved['country/JensenShannonDistance'], 0);
    const closed = await gate();
    assert.deepEqual(closed.stages(), { S: 'failed' });
    assert.match(closed.shown, /violating metric thresholds/);
  });
});
