import { judge, readPolicy } from '../../../shared/evaluation/index.ts';
import {
  addLink,
  EMPTY_RECORD,
  hashOf,
  hashOfFiles,
  type Deployed,
  type EvidenceRecord,
  type Judged,
  type Planned,
  type Registered,
  type Trained,
} from '../../../shared/evidence/index.ts';

const HASH = 'ab'.repeat(32);
const workspace =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';

export const trained: Trained = {
  jobName: 'diabetes_7f3a',
  jobUrl: 'https://ml.azure.com/runs/diabetes_7f3a?wsid=x&tid=y',
  jobType: 'Command',
  experimentName: 'diabetes',
  workspaceId: workspace,
  status: 'Completed',
  startedAt: '2026-03-01T10:00:00Z',
  endedAt: '2026-03-01T10:04:00Z',
  source: {
    repository: 'https://example.org/team/diabetes',
    branch: 'refs/heads/main',
    commit: '0f3c',
    dirty: false,
  },
  build: { pipeline: 'diabetes', runId: '12', runName: '20260301.1', runUrl: 'https://example.org/run/12' },
  data: [{ name: 'data', uri: 'azureml:diabetes:3', type: 'uri_file', sha256: HASH }],
  environment: 'CliV2AnonymousEnvironment:53762d',
  code: { id: 'code:1', sha256: HASH },
  parameters: { alpha: '0.4' },
  metrics: { test_rmse: 55.25, test_r2: 0.48, gap: 'NaN' },
};

const { policy: rules } = readPolicy(
  `name: diabetes
metrics:
  test_rmse: {direction: lower, max: 70, change: {gain: 1%}}
  test_r2: {direction: higher, change: {tolerance: 0.05}}
  fit_seconds: {direction: lower, blocking: false}
`,
  { file: 'evaluation.yml' },
);

export async function judged(): Promise<Judged> {
  const judgement = judge({
    policy: rules,
    candidate: { test_rmse: 55.25, test_r2: 0.48, fit_seconds: 3 },
    champion: { test_rmse: 60.5, test_r2: 0.49, fit_seconds: 2 },
    data: 'same',
  });
  return {
    candidate: { jobName: 'diabetes_7f3a' },
    policy: { file: 'evaluation.yml', sha256: await hashOf(rules), rules },
    champion: {
      model: { name: 'diabetes', version: '4', id: `${workspace}/models/diabetes/versions/4` },
      foundBy: 'endpoint',
      endpointName: 'diabetes-prod',
      deploymentName: 'blue',
      traffic: 100,
      jobName: 'diabetes_11aa',
      evidenceHash: HASH,
    },
    rows: { candidate: 89, champion: 89 },
    metricsFrom: { candidate: 'evidence', champion: 'evidence' },
    ...judgement,
  };
}

const files = [
  { path: 'MLmodel', sizeInBytes: 10, sha256: HASH },
  { path: 'model.pkl', sizeInBytes: 9_000_000_000, sha256: HASH },
];

export async function registered(): Promise<Registered> {
  return {
    modelName: 'diabetes',
    modelVersion: '5',
    modelId: `${workspace}/models/diabetes/versions/5`,
    modelType: 'mlflow_model',
    source: 'azureml://jobs/diabetes_7f3a/outputs/model/paths/',
    files,
    filesHash: await hashOfFiles(files),
  };
}

export const planned: Planned = {
  endpointName: 'diabetes-prod',
  deploymentName: 'green',
  action: 'deploy',
  strategy: 'canary',
  model: { name: 'diabetes', version: '5', id: `${workspace}/models/diabetes/versions/5` },
  filesHash: HASH,
  endpointChange: 'none',
  deploymentChange: 'create',
  diff: [
    { resource: 'deployment', field: 'model', from: 'diabetes:4', to: 'diabetes:5' },
    { resource: 'deployment', field: 'sku.capacity', to: '2' },
  ],
  before: { live: { blue: 100 }, mirror: {} },
  steps: [
    { live: { blue: 90, green: 10 }, mirror: {} },
    { live: { green: 100 }, mirror: {} },
  ],
  bakeTimeInMinutes: 5,
  deletes: ['old'],
  planHash: HASH,
};

export const deployed: Deployed = {
  endpointName: 'diabetes-prod',
  deploymentName: 'green',
  action: 'deploy',
  model: planned.model,
  planHash: HASH,
  approver: { known: true, name: 'Ada', at: '2026-03-01T11:00:00Z', comment: 'go' },
  trafficChanges: [{ at: '2026-03-01T11:01:00Z', before: planned.before, after: planned.steps[1]! }],
  probes: [{ name: 'one patient', passed: true, at: '2026-03-01T11:00:30Z', status: 200, latencyInMs: 12.5 }],
  previousDeployment: 'blue',
  scoringUri: 'https://diabetes-prod.example.org/score',
  result: 'succeeded',
};

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 10, minute));

/** A candidate's whole way, from training to live. */
export async function wholeRecord(): Promise<EvidenceRecord> {
  let record = await addLink(EMPTY_RECORD, { kind: 'trained', at: at(4), content: trained });
  record = await addLink(record, { kind: 'judged', at: at(5), content: await judged() });
  record = await addLink(record, { kind: 'registered', at: at(6), content: await registered() });
  record = await addLink(record, { kind: 'planned', at: at(7), content: planned });
  return addLink(record, { kind: 'deployed', at: at(8), content: deployed });
}
