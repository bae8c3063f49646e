import assert from 'node:assert/strict';
import { checkAnswer, checkFunctionAnswer } from '../../../../../scripts/conformance/azuremlTypes.ts';
import { startTestWorkspace, type Answer, type TestWorkspace } from '../../../../helpers/workspace.ts';

describe('A connection', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
  });
  after(() => workspace.stop());

  const ask = (method: string, path: string, body?: object, token?: string): Promise<Answer> =>
    workspace.send(
      method,
      `${workspace.id}/connections${path}${path.includes('?') ? '&' : '?'}api-version=2025-12-01`,
      {
        ...(body === undefined ? {} : { body }),
        ...(token === undefined ? {} : { token }),
      },
    );
  const feed = {
    authType: 'PAT',
    category: 'PythonFeed',
    target: 'https://example.org/feed',
    credentials: { pat: 'a-secret' },
  };

  it('shows its secrets to nobody but those who may list them', async () => {
    const made = await ask('PUT', '/feed', { properties: feed });
    assert.equal(made.status, 200, made.text);
    assert.deepEqual(checkAnswer('connections', made.json), []);
    for (const answer of [made, await ask('GET', '/feed'), await ask('GET', '')])
      assert.doesNotMatch(answer.text, /a-secret/);
    const secrets = await ask('POST', '/feed/listsecrets');
    assert.deepEqual(checkFunctionAnswer('connections', 'listsecrets', secrets.json), []);
    assert.deepEqual(secrets.json.properties.credentials, { pat: 'a-secret' });
    const reader = await workspace.token('reader');
    assert.equal((await ask('GET', '/feed', undefined, reader)).status, 200);
    assert.equal((await ask('POST', '/feed/listsecrets', undefined, reader)).status, 403);
  });

  it('keeps its secret when something else is changed', async () => {
    await ask('PUT', '/kept', { properties: feed });
    const changed = await ask('PATCH', '/kept', {
      properties: { authType: 'PAT', target: 'https://example.org/new' },
    });
    assert.equal(changed.json.properties.target, 'https://example.org/new');
    const { json } = await ask('POST', '/kept/listsecrets');
    assert.deepEqual(json.properties.credentials, { pat: 'a-secret' });
  });

  it('is listed by what it goes to', async () => {
    await ask('PUT', '/repository', {
      properties: { authType: 'None', category: 'Git', target: 'https://example.org/git' },
    });
    const names = async (query: string): Promise<string[]> =>
      (await ask('GET', `?${query}`)).json.value.map(({ name }: { name: string }) => name);
    assert.deepEqual(await names('category=git'), ['repository']);
    assert.deepEqual(await names('target=https%3A%2F%2Fexample.org%2Fgit'), ['repository']);
    assert.equal((await ask('DELETE', '/repository')).status, 200);
    assert.equal((await ask('DELETE', '/repository')).status, 204);
    assert.equal((await ask('GET', '/repository')).status, 404);
  });

  for (const [what, name, properties, why] of [
    ['of an unknown kind', 'some', { ...feed, category: 'Fax' }, /category' must be one of/],
    ['that signs in another way', 'some', { ...feed, authType: 'Charm' }, /authType' must be one of/],
    ['with a name too short', 'x', feed, /3 to 33/],
  ] as const)
    it(`${what} is refused`, async () => {
      const { status, json } = await ask('PUT', `/${name}`, { properties });
      assert.equal(status, 400);
      assert.match(json.error.message, why);
    });

  it('is kept and not followed: what lies behind it is refused by name', async () => {
    const { status, json } = await ask('GET', '/feed/deployments');
    assert.equal(status, 501);
    assert.match(json.error.message, /reaches none of them: it has no deployments/);
  });
});
