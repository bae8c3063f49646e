import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { openLab, until, type Lab } from './lab.ts';

interface Received {
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: { name: string; taskId: string; jobId: string; result: string };
}

describe("A job's webhooks", () => {
  let lab: Lab;
  let pipelines: https.Server;
  let planUri: string;
  const received: Received[] = [];
  /** Answers given before everything is taken. */
  const refusals: number[] = [];

  const take: http.RequestListener = (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { authorization } = request.headers;
      received.push({ url: request.url, authorization, body: JSON.parse(text) });
      response.writeHead(refusals.shift() ?? 200).end();
    });
  };

  before(async () => {
    lab = await openLab();
    const file = (name: string) => readFile(path.join(lab.dataFolder, 'certificates', name), 'utf8');
    pipelines = https.createServer({ cert: await file('server.pem'), key: await file('server.key') });
    pipelines.on('request', take);
    await new Promise<void>((resolve) => pipelines.listen(0, '127.0.0.1', resolve));
    planUri = `https://localhost:${(pipelines.address() as AddressInfo).port}/collection/`;
  });
  after(async () => {
    pipelines.close();
    await lab.stop();
  });

  const webhook = (own: object = {}) => ({
    webhookType: 'AzureDevOps',
    EventType: 'RunTerminated',
    PlanUri: planUri,
    ProjectId: 'project',
    HubName: 'build',
    PlanId: 'plan',
    JobId: 'job',
    TimelineId: 'timeline',
    TaskInstanceId: 'task',
    AuthToken: 'secret-token',
    ...own,
  });
  const patch = (name: string, webhooks: object) =>
    lab.send('PATCH', lab.url(`/jobs/${name}`), {
      body: { properties: { notificationSetting: { webhooks } } },
    });
  const of = (jobId: string) => received.filter((one) => one.body.jobId === jobId);

  it('tell Azure Pipelines that the task is over, again until it is taken, and keep their secret', async () => {
    await lab.submit('told', { command: 'sleep 1' });
    refusals.push(503);
    const { status, json, text } = await patch('told', { ADO_Webhook_1: webhook() });
    assert.equal(status, 200, text);
    assert.deepEqual(json.properties.notificationSetting.webhooks, {
      ADO_Webhook_1: { webhookType: 'AzureDevOps', eventType: 'RunTerminated' },
    });
    await lab.ended('told');
    await until(() => of('job').length === 2, 'the event and its repetition');
    const [, taken] = of('job');
    assert.equal(
      taken?.url,
      '/collection/project/_apis/distributedtask/hubs/build/plans/plan/events?api-version=2.0-preview.1',
    );
    assert.equal(taken?.authorization, 'Bearer secret-token');
    assert.deepEqual(taken?.body, {
      name: 'TaskCompleted',
      taskId: 'task',
      jobId: 'job',
      result: 'succeeded',
    });
  });

  it('given at submission tell of a failure, and only those that were not taken back', async () => {
    await lab.submit('untold', {
      command: 'sleep 1; exit 1',
      notificationSetting: {
        emailOn: ['JobFailed'],
        emails: ['a@example.org'],
        webhooks: { kept: webhook({ JobId: 'kept' }), gone: webhook({ JobId: 'gone' }) },
      },
    });
    const { json } = await patch('untold', { gone: null });
    assert.deepEqual(Object.keys(json.properties.notificationSetting.webhooks), ['kept']);
    assert.deepEqual(json.properties.notificationSetting.emails, ['a@example.org']);
    await lab.ended('untold');
    await until(() => of('kept').length === 1, 'the event');
    assert.equal(of('kept')[0]?.body.result, 'failed');
    assert.deepEqual(of('gone'), []);
  });

  it('that come after the end are kept and never called', async () => {
    await patch('told', { late: webhook({ JobId: 'late' }) });
    await lab.submit('other', {
      command: 'true',
      notificationSetting: { webhooks: { w: webhook({ JobId: 'other' }) } },
    });
    await until(() => of('other').length === 1, "the other job's event");
    assert.deepEqual(of('late'), []);
  });

  it('are called by the next life of a workspace that could not call them', async () => {
    const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
    const first = await openLab({ dataFolder });
    refusals.push(503, 503, 503, 503);
    // Another workspace has another authority, so it is called without TLS, on this machine.
    const plain = http.createServer(take);
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const PlanUri = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    await first.submit('kept', {
      command: 'true',
      notificationSetting: { webhooks: { w: webhook({ JobId: 'next-life', PlanUri }) } },
    });
    await until(() => of('next-life').length === 1, 'the event that is not taken');
    await first.stop();
    refusals.splice(0);
    const second = await openLab({ dataFolder });
    await until(() => of('next-life').length >= 2, 'the event that is taken');
    await second.stop();
    plain.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  for (const [what, own, reason] of [
    ['of another type', { webhookType: 'Slack' }, /must be one of AzureDevOps/],
    ['for another event', { EventType: 'RunStarted' }, /must be one of RunTerminated/],
    ['without a plan', { PlanId: undefined }, /webhooks\.w\.planId' is required/],
    ['to an address without TLS', { PlanUri: 'http://example.org/' }, /must be an https address/],
  ] as const) {
    it(`${what} are refused`, async () => {
      const answer = await patch('told', { w: webhook(own) });
      assert.equal(answer.status, 400);
      assert.match(answer.json.error.message, reason);
    });
  }
});
