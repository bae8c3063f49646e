import assert from 'node:assert/strict';
import type { AzureML } from '../../../shared/azureml/index.ts';
import { FILES_PROPERTY, registerOnce } from '../../../shared/delivery/registerModel.ts';
import { clientFor, startTestWorkspace, type TestWorkspace } from './workspace.ts';

const { signal: abortSignal } = new AbortController();
const MODEL_URI = 'azureml://datastores/workspaceblobstore/paths/models/m';

/** Lets somebody else act once, right after this client has had its answer. */
function interrupted(client: AzureML, after: 'nextVersion' | 'list', act: () => Promise<unknown>): AzureML {
  let isDone = false;
  const once = async (): Promise<void> => {
    if (isDone) return;
    isDone = true;
    await act();
  };
  const nextVersion: AzureML['models']['nextVersion'] = async (...given) => {
    const version = await client.models.nextVersion(...given);
    if (after === 'nextVersion') await once();
    return version;
  };
  async function* list(
    ...given: Parameters<AzureML['models']['list']>
  ): ReturnType<AzureML['models']['list']> {
    yield* client.models.list(...given);
    if (after === 'list') await once();
  }
  return { ...client, models: { ...client.models, nextVersion, list } };
}

describe('Registering the same bytes at once', () => {
  let workspace: TestWorkspace;
  let client: AzureML;
  before(async () => {
    workspace = await startTestWorkspace();
    client = clientFor(workspace, 'RegisterModel');
  });
  after(() => workspace.stop());

  const register = (by: AzureML, name: string, filesHash: string, version?: string): Promise<unknown> =>
    registerOnce(by.models, {
      name,
      version,
      filesHash,
      abortSignal,
      properties: () =>
        Promise.resolve({
          modelUri: MODEL_URI,
          modelType: 'custom_model',
          properties: { [FILES_PROPERTY]: filesHash },
        }),
    });
  const versions = async (name: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const { version } of client.models.list(name, { abortSignal })) found.push(version);
    return found.sort();
  };

  for (const after of ['nextVersion', 'list'] as const)
    it(`makes one version when somebody else registers between, after ${after}`, async () => {
      const name = `same-${after}`;
      await register(
        interrupted(client, after, () => register(client, name, 'a'.repeat(64))),
        name,
        'a'.repeat(64),
      );
      assert.deepEqual(await versions(name), ['1']);
      const other = `other-${after}`;
      await register(
        interrupted(client, after, () => register(client, other, 'a'.repeat(64))),
        other,
        'b'.repeat(64),
      );
      assert.deepEqual(await versions(other), ['1', '2']);
    });

  it('finds the same bytes under versions that are not numbers, and asks for a version for others', async () => {
    await register(client, 'words', 'a'.repeat(64), 'first');
    await register(client, 'words', 'a'.repeat(64));
    assert.deepEqual(await versions('words'), ['first']);
    await assert.rejects(register(client, 'words', 'b'.repeat(64)), /its versions are not all numbers/);
  });
});
