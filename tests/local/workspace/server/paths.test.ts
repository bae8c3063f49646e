import assert from 'node:assert/strict';
import { canonicalPath } from '../../../../local/workspace/server/paths.ts';
import { actionOf } from '../../../../local/workspace/server/rights.ts';

const identity = {
  tenantId: 't',
  subscriptionId: 'aaaa-bbbb',
  resourceGroup: 'Team',
  workspaceName: 'WS',
  workspaceId: 'w',
  location: 'local',
};
const W =
  '/subscriptions/aaaa-bbbb/resourceGroups/Team/providers/Microsoft.MachineLearningServices/workspaces/WS';

describe('The spelling of a path', () => {
  const cases = [
    [W.toLowerCase(), W],
    [W.toUpperCase(), W],
    [
      `${W}/ONLINEENDPOINTS/Models/Deployments/codes/getlogs`,
      `${W}/onlineEndpoints/Models/deployments/codes/getLogs`,
    ],
    [`${W}/models/JOBS/versions/TOKEN`, `${W}/models/JOBS/versions/TOKEN`],
    [`/history/v1.0${W.toLowerCase()}/runs/JOBS/Details`, `/history/v1.0${W}/runs/JOBS/Details`],
    ['/subscriptions/AAAA-BBBB/resourcegroups/other', '/subscriptions/aaaa-bbbb/resourceGroups/other'],
    [
      '/subscriptions/AAAA-bbbb/Providers/microsoft.machinelearningservices/LOCATIONS/jobs/mfeoperationsstatus/oe:1',
      '/subscriptions/aaaa-bbbb/providers/Microsoft.MachineLearningServices/locations/jobs/mfeOperationsStatus/oe:1',
    ],
    [
      `${W}/PROVIDERS/microsoft.eventgrid/EVENTSUBSCRIPTIONS/Jobs`,
      `${W}/providers/Microsoft.EventGrid/eventSubscriptions/Jobs`,
    ],
    [`/${W}/jobs/j`, `${W}/jobs/j`],
    ['/Metadata/endpoints', '/Metadata/endpoints'],
  ] as const;
  for (const [sent, routed] of cases) {
    it(`${sent.slice(0, 40)}... (${sent.length}) is the router's`, () =>
      assert.equal(canonicalPath(sent, identity), routed));
  }
});

describe('The action a request needs', () => {
  const P = 'Microsoft.MachineLearningServices/workspaces';
  const cases = [
    ['GET', W, `${P}/read`],
    ['PUT', `${W}/jobs/j`, `${P}/jobs/write`],
    ['POST', `${W}/jobs/j/cancel`, `${P}/jobs/cancel/action`],
    ['DELETE', `${W}/onlineEndpoints/e/deployments/d`, `${P}/onlineEndpoints/deployments/delete`],
    [
      'PUT',
      `${W}/providers/Microsoft.EventGrid/eventSubscriptions/s`,
      'Microsoft.EventGrid/eventSubscriptions/write',
    ],
    ['PATCH', `${W}/computes/c`, `${P}/computes/write`],
    ['GET', '/subscriptions/s/resourceGroups', 'Microsoft.Resources/subscriptions/resourceGroups/read'],
    ['GET', `/history/v1.0${W}/runs/r/details`, `${P}/experiments/runs/read`],
    ['POST', `/history/v1.0${W}/rundata`, `${P}/experiments/runs/read`],
    ['POST', `/mlflow/v2.0${W}/api/2.0/mlflow/runs/search`, `${P}/experiments/runs/read`],
    ['POST', `/mlflow/v2.0${W}/api/2.0/mlflow/runs/log-batch`, `${P}/experiments/runs/write`],
    ['POST', `/mlflow/v2.0${W}/api/2.0/mlflow/registered-models/create`, `${P}/models/write`],
    ['POST', `/metric/v2.0${W}/runs/r/list`, `${P}/experiments/runs/read`],
  ] as const;
  for (const [method, path, action] of cases) {
    it(`${action} is needed for ${method} ${path.replace(W, 'W')}`, () =>
      assert.equal(actionOf(method, path), action));
  }
});
