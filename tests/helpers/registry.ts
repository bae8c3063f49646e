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
