import assert from 'node:assert/strict';
import { startFaultGate } from '../../helpers/faultGate.ts';
import { startTrainKit, type TrainKit } from './kit.ts';

const AUTOML = `type: automl
task: regression
experiment_name: automl
primary_metric: r2_score
target_column_name: y
compute: azureml:cpu-cluster
training_data: { type: mltable, path: table }
limits: { max_trials: 2, max_nodes: 2 }
`;
const SPARK = `type: spark
experiment_name: spark
code: src
entry: { file: train.py }
conf:
  spark.driver.cores: 1
  spark.driver.memory: 2g
  spark.executor.cores: 1
  spark.executor.memory: 2g
  spark.executor.instances: 1
resources: { instance_type: standard_e4s_v3, runtime_version: "3.4" }
`;

describe('TrainModel, with jobs that run on Azure alone', () => {
  let kit: TrainKit;
  before(async () => {
    kit = await startTrainKit();
    await kit.write('automl/table/MLTable', 'paths:\n  - file: ./t.csv\n');
    await kit.write('automl/table/t.csv', 'x,y\n1,2\n');
  });
  after(() => kit.stop());

  for (const [kind, job] of [
    ['automl', AUTOML],
    ['spark', SPARK],
  ] as const)
    it(`submits a job of type ${kind}, follows it, and tells the reason it ended with`, async () => {
      const jobFile = await kit.project(kind, 'print("spark")\n', job);
      const gate = await startFaultGate(kit.workspace);
      try {
        const done = await kit.run({ jobFile }, { connection: { url: gate.url } });
        assert.equal(done.result, 'Failed');
        assert.match(
          done.message,
          new RegExp(`${kind}-.*embedded workspace accepts (AutoML|Spark) jobs but does not run them`, 's'),
        );
        assert.equal((await kit.jobIn('Failed', kind)).properties.experimentName, kind);
        const sent = gate.exchanges.find(({ method, path }) => method === 'PUT' && path.includes('/jobs/'));
        // No stable api-version takes the number of nodes of an AutoML job.
        assert.match(sent?.path ?? '', kind === 'automl' ? /2024-01-01-preview/ : /2025-12-01/);
      } finally {
        await gate.stop();
      }
    });
});
