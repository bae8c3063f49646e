import assert from 'node:assert/strict';
import type { Answer } from '../../../../helpers/workspace.ts';
import { openLab, until, type Lab } from '../jobs/lab.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- tests look into answers freely */

/** A workspace with a model, and the means to deploy and invoke batches. */
export interface BatchKit extends Lab {
  /** Sends, and follows the operation to its end. */
  done(method: string, path: string, body?: unknown): Promise<{ answer: Answer; operation: any }>;
  endpoint(name: string, properties?: object): Promise<{ answer: Answer; operation: any }>;
  /** A deployment of a script; members not given are filled in. */
  deployment(endpoint: string, name: string, properties: object): Promise<{ answer: Answer; operation: any }>;
  invoke(endpoint: string, properties: object, headers?: Record<string, string>): Promise<Answer>;
  /** A token of the directory for an audience. */
  tokenFor(audience: string, as?: 'owner' | 'reader'): Promise<string>;
}

export async function openBatchKit(): Promise<BatchKit> {
  const lab = await openLab();
  const { send, address, url } = lab;
  const tokenFor = async (audience: string, as: 'owner' | 'reader' = 'owner'): Promise<string> => {
    const principal = as === 'owner' ? address : address.reader;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: principal.clientId,
      client_secret: principal.clientSecret,
      scope: `${audience}/.default`,
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const path = `/${address.tenantId}/oauth2/v2.0/token`;
    return (await send('POST', path, { body, headers, token: false })).json.access_token;
  };
  const token = await tokenFor('https://ml.azure.com');
  const done = async (method: string, path: string, body?: unknown) => {
    const answer = await send(method, url(path), { body });
    const at = answer.headers['azure-asyncoperation'] ?? answer.headers['location'];
    if (typeof at !== 'string') return { answer, operation: undefined };
    let operation: any;
    await until(async () => {
      operation = (await send('GET', at.replace('mfeOperationResults', 'mfeOperationsStatus'))).json;
      return operation.status !== 'InProgress';
    }, `${method} ${path} to end`);
    return { answer, operation };
  };
  await lab.upload('models/numbers/weights/factor.txt', '3');
  await lab.put('/models/numbers/versions/1', {
    modelUri: 'azureml://datastores/workspaceblobstore/paths/models/numbers/weights',
    modelType: 'custom_model',
  });
  return {
    ...lab,
    done,
    tokenFor,
    endpoint: (name, properties = {}) =>
      done('PUT', `/batchEndpoints/${name}`, {
        location: address.location,
        properties: { authMode: 'AADToken', ...properties },
      }),
    deployment: (endpoint, name, properties) =>
      done('PUT', `/batchEndpoints/${endpoint}/deployments/${name}`, {
        location: address.location,
        properties: {
          compute: `${lab.id}/computes/cpu-cluster`,
          environmentId: lab.environmentId,
          model: { referenceType: 'Id', assetId: `${lab.id}/models/numbers/versions/1` },
          ...properties,
        },
      }),
    invoke: (endpoint, properties, headers = {}) =>
      send('POST', `/batch/${endpoint}/jobs`, { body: { properties }, headers, token }),
  };
}

/** Multiplies the number in each file by the model's. */
const SCRIPT = `
import glob, os
def init():
    global factor
    with open(glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*/factor.txt")[0]) as file:
        factor = int(file.read())
def run(mini_batch):
    rows = []
    for path in mini_batch:
        with open(path) as file:
            rows.append(os.path.basename(path) + " " + str(factor * int(file.read())) + " of " + str(len(mini_batch)))
        with open(os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "seen-" + os.path.basename(path)), "w") as file:
            file.write(os.environ["GREETING"])
    return rows
`;

/** An endpoint `scores` whose default deployment multiplies the numbers below `numbers/`. */
export async function deployScores(kit: BatchKit): Promise<void> {
  const code = await kit.code('scoring', { 'score.py': SCRIPT });
  for (const number of [1, 2, 3]) await kit.upload(`numbers/${number}.txt`, String(number));
  await kit.endpoint('scores');
  const { operation } = await kit.deployment('scores', 'Files', {
    codeConfiguration: { codeId: code, scoringScript: 'score.py' },
    environmentVariables: { GREETING: 'hello' },
    miniBatchSize: 2,
    maxConcurrencyPerInstance: 2,
    outputFileName: 'rows.txt',
  });
  assert.equal(operation.status, 'Succeeded', operation.error?.message);
  await kit.endpoint('scores', { defaults: { deploymentName: 'files' } });
}
