import assert from 'node:assert/strict';
import type { Answer, TestWorkspace } from '../../../../helpers/workspace.ts';
import { until } from '../jobs/lab.ts';

const API = 'api-version=2025-12-01';
const IMAGE = 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04';

/** Sends to Resource Manager. */
export function ask(workspace: TestWorkspace, method: string, url: string, body?: object): Promise<Answer> {
  return workspace.send(method, `${url}?${API}`, body === undefined ? {} : { body });
}

/** The ARM id of a workspace beside the first. */
export function besideOf({ id }: TestWorkspace, name: string): string {
  return id.replace(/[^/]+$/, name);
}

/** What the operation of an answer came to. */
export async function ended(workspace: TestWorkspace, { headers }: Answer): Promise<string> {
  const url = String(headers['azure-asyncoperation'] ?? headers['location']);
  for (;;) {
    const { json } = await workspace.send('GET', url.replace('mfeOperationResults', 'mfeOperationsStatus'));
    if (json.status !== 'InProgress') return json.status as string;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Submits a command job to the workspace with this id. */
export async function submit(workspace: TestWorkspace, id: string, name: string, job: object): Promise<void> {
  const environmentId = `${id}/environments/plain/versions/1`;
  await ask(workspace, 'PUT', environmentId, { properties: { image: IMAGE } });
  const computeId = `${id}/computes/cpu-cluster`;
  const properties = { jobType: 'Command', environmentId, computeId, ...job };
  const put = await ask(workspace, 'PUT', `${id}/jobs/${name}`, { properties });
  assert.equal(put.status, 201, put.text);
}

/** What a job has written so far, once that is what is waited for. */
export async function logOf(
  workspace: TestWorkspace,
  id: string,
  name: string,
  wanted: RegExp,
): Promise<string> {
  let text = '';
  await until(
    async () => {
      const { json } = await workspace.send('GET', `/history/v1.0${id}/runs/${name}/details`);
      assert.notEqual(json.status, 'Failed', JSON.stringify(json.error));
      const url = json.logFiles?.['user_logs/std_log.txt'];
      text = url === undefined ? '' : (await workspace.send('GET', url, { token: false })).text;
      return wanted.test(text);
    },
    `${String(wanted)} in the log of ${name}`,
  );
  return text;
}
