import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { movableClock, systemClock } from '../../../../../local/workspace/server/clock.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../../helpers/workspace.ts';

const HOUR = 3_600_000;

describe('The clock of a workspace', () => {
  let workspace: TestWorkspace;
  before(async () => (workspace = await startTestWorkspace()));
  after(() => workspace.stop());
  afterEach(() => move({ reset: true, freeze: false }));

  const move = async (body: object) => (await workspace.send('POST', '/admin/clock', { body })).json;
  const putModel = async (version: string, token?: string) =>
    workspace.send('PUT', `${workspace.id}/models/m/versions/${version}?api-version=2025-12-01`, {
      body: { properties: { modelUri: 'azureml://datastores/workspaceblobstore/paths/m' } },
      ...(token === undefined ? {} : { token }),
    });

  it('is moved on, and what is made then bears the new time', async () => {
    const { aheadInSeconds } = await move({ advance: 'P2D' });
    assert.ok(Math.abs(aheadInSeconds - 48 * 3600) < 60);
    const token = (await signIn(workspace)).json.access_token;
    const made = (await putModel('1', token)).json.systemData.createdAt;
    assert.ok(Date.parse(made) - Date.now() > 47 * HOUR);
  });

  it('ends tokens whose time is over by it, and leaves those that were made in what is now the future', async () => {
    const before = await workspace.token();
    await move({ advance: 'PT2H' });
    assert.equal((await putModel('2', before)).status, 401);
    const later = (await signIn(workspace)).json.access_token;
    assert.equal((await putModel('2', later)).status, 201);
    await move({ reset: true });
    assert.equal((await putModel('2', later)).status, 200);
    assert.equal((await putModel('2', before)).status, 200);
  });

  it('stands still when told to', async () => {
    const first = await move({ set: '2031-01-31T08:00:00Z', freeze: true });
    assert.deepEqual([first.now, first.frozen], ['2031-01-31T08:00:00.000Z', true]);
    const second = (await workspace.send('GET', '/admin/clock')).json;
    assert.equal(second.now, first.now);
  });

  it('stands where it was set, though time goes on meanwhile', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'clock-'));
    let looks = 0;
    const base = { ...systemClock, now: () => new Date(++looks) };
    const clock = movableClock(base, path.join(folder, 'clock.json'));
    const to = new Date('2031-01-31T08:00:00Z');
    assert.deepEqual(clock.move({ to, frozen: true }).now, to);
    assert.deepEqual(clock.now(), to);
    await rm(folder, { recursive: true });
  });

  it('is not moved by anybody without the admin token, nor to where there is no time', async () => {
    const owner = await workspace.token();
    const refused = await workspace.send('POST', '/admin/clock', { token: owner, body: { advance: 'PT1H' } });
    assert.equal(refused.status, 401);
    for (const body of [
      { advance: 'two hours' },
      { set: 'tomorrow' },
      { advance: 'PT1H', reset: true },
      { forward: 1 },
    ]) {
      const answer = await workspace.send('POST', '/admin/clock', { body });
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.equal(answer.json.error.code, 'UserError');
    }
  });
});

describe('A clock that can be moved', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'clock-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  it('wakes whoever sleeps by it when it is moved past the end of the sleep', async () => {
    const clock = movableClock(systemClock, path.join(folder, 'wake.json'));
    clock.move({ frozen: true });
    let woken = false;
    const sleeping = clock.sleep(10 * HOUR).then(() => (woken = true));
    clock.move({ to: new Date(clock.now().getTime() + 9 * HOUR) });
    await systemClock.sleep(5);
    assert.equal(woken, false);
    clock.move({ to: new Date(clock.now().getTime() + HOUR) });
    await sleeping;
  });

  it('makes no sleep longer when it is turned back, and tells whoever waits for a moment', async () => {
    const clock = movableClock(systemClock, path.join(folder, 'back.json'));
    clock.move({ frozen: true });
    const turnedBack = clock.turnedBack();
    const sleeping = clock.sleep(10 * HOUR);
    clock.move({ to: new Date(clock.now().getTime() + 4 * HOUR) });
    assert.equal(turnedBack.aborted, false);
    clock.move({ to: new Date(clock.now().getTime() - 1000 * HOUR) });
    assert.equal(turnedBack.aborted, true);
    assert.equal(clock.turnedBack().aborted, false);
    clock.move({ to: new Date(clock.now().getTime() + 6 * HOUR) });
    await sleeping;
  });

  it('is where it was after a restart', () => {
    const file = path.join(folder, 'kept.json');
    movableClock(systemClock, file).move({ to: new Date('2040-01-01T00:00:00Z'), frozen: true });
    assert.equal(movableClock(systemClock, file).now().toISOString(), '2040-01-01T00:00:00.000Z');
  });
});

function signIn(workspace: TestWorkspace) {
  const { address } = workspace;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: address.clientId,
    client_secret: address.clientSecret,
    scope: `${address.apiUrl}/.default`,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return workspace.send('POST', `/${address.tenantId}/oauth2/v2.0/token`, { token: false, body, headers });
}
