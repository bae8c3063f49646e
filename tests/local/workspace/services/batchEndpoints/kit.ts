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
