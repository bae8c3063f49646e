import assert from 'node:assert/strict';
import { latest, readRecord } from '../../../shared/evidence/index.ts';
import type { TaskRun } from '../../helpers/taskProcess.ts';
import { startEvaluateKit, type EvaluateKit } from './kit.ts';

/** A trial that logs its own number, by MLflow's protocol alone. */
const LOG = [
  'import json, os, sys, urllib.request as u',
  'env = os.environ',
  'body = {"run_id": env["MLFLOW_RUN_ID"], "key": "rmse", "value": float(sys.argv[1]), "timestamp": 1, "step": 0}',
  'url = env["MLFLOW_TRACKING_URI"].replace("azureml://", "https://") + "/api/2.0/mlflow/runs/log-metric"',
  'head = {"Authorization": "Bearer " + env["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}',
  'u.urlopen(u.Request(url, json.dumps(body).encode(), head)).read()',
].join('\n');

const POLICY = 'metrics:\n  rmse: { direction: lower, max: 70 }\n';

describe('EvaluateModel, with a candidate of many runs', () => {
  let kit: EvaluateKit;
  before(async () => {
    kit = await startEvaluateKit();
  });
  after(() => kit.workspace.stop());

  const rmseOf = async (run: TaskRun): Promise<number | string | null | undefined> => {
    assert.equal(run.result, 'Succeeded', [run.message, ...run.errors].join('\n'));
    const hash = run.outputs['evidenceHash'] ?? '';
    const { record } = await readRecord(run.attachments[`azureml-evidence/${hash}.json`] ?? '', hash);
    return latest(record, 'trained')?.content.metrics['rmse'];
  };
  const submit = async (name: string, properties: Record<string, unknown>): Promise<void> => {
    await kit.client.jobs.put(name, { properties: { experimentName: 'evaluate', ...properties } });
    assert.equal(await kit.endOf(name), 'Completed');
  };
  const trial = (value: string): Record<string, unknown> => ({
    command: `cat > log.py <<'END'\n${LOG}\nEND\npython3 log.py ${value}`,
    environmentId: `${kit.workspace.id}/environments/plain/versions/1`,
  });

  it('judges a sweep by the metrics of its best trial', async () => {
    await submit('sweep', {
      jobType: 'Sweep',
      computeId: `${kit.workspace.id}/computes/cpu-cluster`,
      objective: { goal: 'Minimize', primaryMetric: 'rmse' },
      samplingAlgorithm: { samplingAlgorithmType: 'Grid' },
      searchSpace: { value: ['choice', [[80, 60, 75]]] },
      limits: { jobLimitsType: 'Sweep', maxConcurrentTrials: 3 },
      trial: trial('${{search_space.value}}'),
    });
    const run = await kit.evaluate({ candidate: 'sweep', champion: 'none', policy: POLICY });
    assert.equal(await rmseOf(run), 60);
    assert.equal(run.outputs['passed'], 'true');
  });

  it('judges a pipeline by the metrics of its steps, as long as only one step has them', async () => {
    for (const [name, value] of [
      ['train', '42'],
      ['check', '90'],
    ] as const)
      await kit.client.assets.arm.put(
        `components/${name}/versions/1`,
        {
          properties: {
            componentSpec: {
              name,
              version: '1',
              type: 'command',
              command: trial(value)['command'],
              environment: `azureml:${kit.workspace.id}/environments/plain/versions/1`,
            },
          },
        },
        { apiVersion: '2024-10-01' },
      );
    const step = (component: string): Record<string, unknown> => ({
      type: 'command',
      componentId: `${kit.workspace.id}/components/${component}/versions/1`,
    });
    const pipeline = (jobs: Record<string, unknown>): Record<string, unknown> => ({
      jobType: 'Pipeline',
      settings: { default_compute: `${kit.workspace.id}/computes/cpu-cluster` },
      jobs,
    });
    await submit('one', pipeline({ train: step('train') }));
    const run = await kit.evaluate({ candidate: 'one', champion: 'none', policy: POLICY });
    assert.equal(await rmseOf(run), 42);
    await submit('two', pipeline({ train: step('train'), check: step('check') }));
    const refused = await kit.evaluate({ candidate: 'two', champion: 'none', policy: POLICY });
    assert.equal(refused.result, 'Failed');
    assert.match(refused.message, /rmse/);
  });
});
