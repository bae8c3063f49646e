import assert from 'node:assert/strict';
import type { TestWorkspace } from './workspace.ts';

/** Makes a registry beside a workspace; its ARM id. */
export async function makeRegistry(workspace: TestWorkspace, name: string): Promise<string> {
  const id = workspace.id.replace(/\/workspaces\/[^/]+$/, `/registries/${name}`);
  const made = await workspace.send('PUT', `${id}?api-version=2025-12-01`, {
    body: { location: 'local', properties: { regionDetails: [{ location: 'local' }] } },
  });
  assert.equal(made.status, 201, made.text);
  return id;
}

/** Copies a model version of the workspace into a registry, under the same name and version. */
export async function shareModel(
  workspace: TestWorkspace,
  registry: string,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<void> {
  const ask = (method: string, url: string, body?: object) =>
    workspace.send(method, `${url}?api-version=2025-12-01`, body === undefined ? {} : { body });
  const sourceAssetId = `${workspace.id}/models/${name}/versions/${version}`;
  const begun = await ask('POST', `${registry}/import`, {
    properties: { referenceType: 'Id', destinationName: name, destinationVersion: version, sourceAssetId },
  });
  assert.equal(begun.status, 202, begun.text);
  const isDone = async (): Promise<boolean> =>
    (await workspace.send('GET', String(begun.headers['location']))).status !== 202;
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
}
