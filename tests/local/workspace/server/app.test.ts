import assert from 'node:assert/strict';
import { startTestWorkspace, type TestWorkspace } from '../../../helpers/workspace.ts';

describe('The embedded workspace', () => {
  let workspace: TestWorkspace;
  before(async () => {
    workspace = await startTestWorkspace();
  });
  after(() => workspace.stop());

  it('answers the workspace to a signed-in client', async () => {
    const answer = await workspace.send('GET', `${workspace.id}?api-version=2022-10-01`);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.id, workspace.id);
    assert.match(String(answer.headers['x-ms-request-id']), /^[0-9a-f-]{36}$/);
  });

  it('refuses a request without a token', async () => {
    const answer = await workspace.send('GET', `${workspace.id}?api-version=2022-10-01`, { token: false });
    assert.equal(answer.status, 401);
    assert.equal(answer.json.error.code, 'AuthenticationFailed');
    assert.match(String(answer.headers['www-authenticate']), /^Bearer authorization_uri=/);
  });

  it('has storage that answers', async () => {
    await workspace.storageReady;
  });
});
