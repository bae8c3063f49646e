import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { latest, parseRecord, type Judged } from '../../../shared/evidence/index.ts';
import type { TaskRun } from '../../helpers/taskProcess.ts';
import { startEvaluateKit, type EvaluateKit } from './kit.ts';

/** Scores a "model", which is a number in a file, on frozen data, and logs what it found as any job does. */
const SCRIPT = `
import json, os, ssl, sys, time, urllib.request

def score(folder, data):
    with open(os.path.join(folder, "model.txt")) as file:
        model = float(file.read())
    with open(data) as file:
        targets = [float(line.split(",")[1]) for line in file.read().split()[1:]]
    return sum(abs(target - model) for target in targets) / len(targets), len(targets)

candidate, champion, data = sys.argv[1:4]
metrics = {}
for name, folder in (("candidate", candidate), ("champion", champion)):
    metrics[name + "_mae"], metrics["rows"] = score(folder, data)
uri = os.environ["MLFLOW_TRACKING_URI"].replace("azureml://", "https://").replace("/mlflow/v1.0", "/mlflow/v2.0")
body = {"run_id": os.environ["MLFLOW_RUN_ID"], "metrics": [
    {"key": key, "value": value, "timestamp": int(time.time() * 1000), "step": 0} for key, value in metrics.items()]}
request = urllib.request.Request(uri + "/api/2.0/mlflow/runs/log-batch", json.dumps(body).encode(), {
    "Content-Type": "application/json", "Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"]})
urllib.request.urlopen(request, context=ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"]))
print("scored", metrics)
`;

const JOB = `
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
type: command
code: src
command: >-
  python3 score.py \${{inputs.candidate_model}} \${{inputs.champion_model}} \${{inputs.data}}
inputs:
  candidate_model: {type: custom_model, path: azureml:m:1}
  champion_model: {type: custom_model, path: azureml:m:1}
  data: {type: uri_file, path: azureml://datastores/workspaceblobstore/paths/frozen/test.csv}
environment: azureml:plain:1
compute: azureml:cpu-cluster
`;

const POLICY = 'metrics: {mae: {direction: lower, max: 10}}\nsameData: required\nrowsMetric: rows\n';

describe('EvaluateModel with an evaluation job', () => {
  let kit: EvaluateKit;
  let folder: string;
  const evaluate = (inputs: Readonly<Record<string, string>>): Promise<TaskRun> =>
    kit.evaluate({ policy: POLICY, evaluationJobFile: path.join(folder, 'evaluation.job.yml'), ...inputs });
  const judgedBy = (run: TaskRun): Judged => {
    const text = run.attachments[`azureml-evidence/${run.outputs['evidenceHash']}.json`] ?? '';
    const judged = latest(parseRecord(text), 'judged');
    assert.ok(judged);
    return judged.content;
  };
  const train = (name: string, model: number) =>
    kit.train(name, { command: `echo ${model} > \${{outputs.model}}/model.txt` });

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'evaluation-'));
    await mkdir(path.join(folder, 'src'));
    await writeFile(path.join(folder, 'src', 'score.py'), SCRIPT);
    await writeFile(path.join(folder, 'evaluation.job.yml'), JOB);
    kit = await startEvaluateKit();
    await train('five', 5);
    await train('three', 3);
    await kit.register('1', 'five');
  });
  after(async () => {
    await kit.workspace.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('scores both models on the same data and judges by what it measured', async () => {
    const run = await evaluate({ candidate: 'three', champion: 'version', championVersion: 'm:1' });
    assert.equal(run.result, 'Succeeded', [run.message, ...run.errors, run.log].join('\n'));
    assert.deepEqual([run.outputs['verdict'], run.outputs['passed']], ['better', 'true']);
    assert.match(run.log, /scored /);
    const judged = judgedBy(run);
    assert.deepEqual(judged.metricsFrom, { candidate: 'evaluation-job', champion: 'evaluation-job' });
    assert.deepEqual([judged.findings[0]?.candidate, judged.findings[0]?.champion], [1, 3]);
    assert.deepEqual([judged.data, judged.rows], ['same', { candidate: 1, champion: 1 }]);
    assert.match(
      run.attachments['summary/model-evaluation.md'] ?? '',
      /Both were measured by the evaluation job/,
    );
  });

  it('attaches to its own job when it is run again', async () => {
    const inputs = { candidate: 'three', champion: 'version', championVersion: 'm:1' };
    const run = await evaluate(inputs);
    assert.match(run.log, /Attached to evaluation job/);
  });

  it('scores the candidate alone when there is no champion', async () => {
    const run = await evaluate({ candidate: 'm:1', champion: 'none' });
    assert.deepEqual([run.outputs['verdict'], run.outputs['passed']], ['no-champion', 'true'], run.message);
    assert.equal(judgedBy(run).findings[0]?.candidate, 3);
  });

  it('names the metric the job should have logged, and the input it should have', async () => {
    const missing = await evaluate({
      candidate: 'three',
      champion: 'none',
      policy: 'metrics:\n  rmse: {max: 1}',
    });
    assert.match(
      missing.message,
      /inline policy:2:3: The evaluation job '.*' logged no metric 'candidate_rmse'/,
    );
    await writeFile(path.join(folder, 'other.job.yml'), JOB.replaceAll('candidate_model', 'model'));
    const other = await evaluate({
      candidate: 'three',
      champion: 'none',
      evaluationJobFile: path.join(folder, 'other.job.yml'),
    });
    assert.match(other.message, /other\.job\.yml:1:1: The evaluation job has no input 'candidate_model'/);
  });

  it('cancels its job when the pipeline is cancelled, and leaves no verdict', async () => {
    const file = path.join(folder, 'slow.job.yml');
    await writeFile(file, JOB.replace('python3 score.py', 'sleep 60 && python3 score.py'));
    const cancel = new AbortController();
    const running = kit.evaluate(
      { candidate: 'three', champion: 'none', policy: POLICY, evaluationJobFile: file },
      cancel.signal,
    );
    const job = await kit.jobRunning(/-evaluation-/);
    cancel.abort();
    const run = await running;
    assert.equal(run.outputs['verdict'], undefined);
    assert.match(run.log, /Cancelling job '.*' in the workspace was asked for/);
    assert.match(await kit.endOf(job), /^Canceled$/);
  });

  it('asks which output holds the model when that is not clear', async () => {
    const run = await evaluate({ candidate: 'three', champion: 'none', candidateOutput: 'nowhere' });
    assert.match(
      run.message,
      /input 'candidateOutput': Job 'three' has neither an output nor an artifact folder 'nowhere'/,
    );
  });
});
