import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { openLab, until, type Lab } from '../jobs/lab.ts';
import { startReceiver, type Receiver } from './receiver.ts';

const VERSION = 'api-version=2025-02-15';

describe('Event subscriptions of the workspace', () => {
  let lab: Lab;
  let receiver: Receiver;
  let dataFolder: string;

  before(async () => {
    dataFolder = await mkdtemp(path.join(os.tmpdir(), 'workspace-'));
    [lab, receiver] = [await openLab({ dataFolder }), await startReceiver()];
  });
  after(async () => {
    await receiver.close();
    await lab.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const address = (name: string, more = '') =>
    `${lab.id}/providers/Microsoft.EventGrid/eventSubscriptions/${name}${more}?${VERSION}`;
  const subscribe = (name: string, own: object = {}, endpoint: object = {}) => {
    const webhook = { endpointUrl: `${receiver.url}/${name}?code=s3cret`, ...endpoint };
    const properties = { destination: { endpointType: 'WebHook', properties: webhook }, ...own };
    return lab.send('PUT', address(name), { body: { properties } });
  };
  const remove = (name: string) => lab.send('DELETE', address(name));
  const register = async (name: string, version: string, tags: object = {}) => {
    const modelUri = 'azureml://datastores/workspaceblobstore/paths/models/m.txt';
    const { status, text } = await lab.put(`/models/${name}/versions/${version}`, { modelUri, tags });
    assert.equal(status, 201, text);
  };
  const logged = async () => readFile(path.join(dataFolder, 'workspace.log'), 'utf8');

  it('deliver a registered model in the Event Grid schema, after the endpoint sent the code back', async () => {
    const created = await subscribe('registered', { filter: { subjectBeginsWith: 'models/churn' } });
    assert.equal(created.status, 201, created.text);
    const { destination, provisioningState } = created.json.properties;
    assert.equal(provisioningState, 'Succeeded');
    assert.equal(destination.properties.endpointBaseUrl, `${receiver.url}/registered`);
    assert.ok(!created.text.includes('s3cret'));
    const full = await lab.send('POST', address('registered', '/getFullUrl'));
    assert.equal(full.json.endpointUrl, `${receiver.url}/registered?code=s3cret`);

    await register('churn', '3', { stage: 'production' });
    await register('other', '1');
    await until(() => receiver.events('/registered').length === 1, 'the event');
    const [{ headers, body }] = receiver.events('/registered') as [Receiver['received'][number]];
    assert.equal(headers['aeg-event-type'], 'Notification');
    assert.equal(headers['aeg-subscription-name'], 'REGISTERED');
    const [{ id, eventTime, ...event }] = body;
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.ok(Math.abs(Date.parse(eventTime) - Date.now()) < 120_000);
    assert.deepEqual(event, {
      topic: lab.id,
      subject: 'models/churn:3',
      eventType: 'Microsoft.MachineLearningServices.ModelRegistered',
      data: {
        ...{ ModelName: 'churn', ModelVersion: 3 },
        ...{ ModelTags: { stage: 'production' }, ModelProperties: {} },
      },
      ...{ dataVersion: '', metadataVersion: '1' },
    });
    await remove('registered');
  });

  it('deliver CloudEvents where they are asked for, with a token of Event Grid for the application named', async () => {
    const { json, text } = await subscribe(
      'cloud',
      {
        eventDeliverySchema: 'CloudEventSchemaV1_0',
        filter: { includedEventTypes: ['Microsoft.MachineLearningServices.RunStatusChanged'] },
      },
      {
        azureActiveDirectoryApplicationIdOrUri: 'api://triggers',
        deliveryAttributeMappings: [
          { name: 'x-secret', type: 'Static', properties: { value: 'hidden-word', isSecret: true } },
          { name: 'x-run', type: 'Dynamic', properties: { sourceField: 'data.RunId' } },
        ],
      },
    );
    assert.equal(json.properties.provisioningState, 'Succeeded', text);
    assert.ok(!text.includes('hidden-word'));
    await lab.submit('told', { command: 'exit 3', tags: { azureml_modelmonitor_threshold_breached: 'yes' } });
    await lab.ended('told');
    const failed = () => receiver.events('/cloud').find(({ body }) => body.data.runStatus === 'failed');
    await until(() => failed() !== undefined, 'the event of the failure');
    const { body, headers } = failed()!;
    assert.match(String(headers['content-type']), /^application\/cloudevents\+json/);
    assert.equal(headers['x-secret'], 'hidden-word');
    assert.equal(headers['x-run'], 'told');
    const { id: _id, time: _time, data, ...rest } = body;
    const experiment = (await lab.details('told')).properties?._azureml ?? data.experimentId;
    assert.deepEqual(rest, {
      ...{ source: lab.id, specversion: '1.0', datacontenttype: 'application/json' },
      type: 'Microsoft.MachineLearningServices.RunStatusChanged',
      subject: `experiments/${experiment}/runs/told`,
    });
    assert.equal(data.runTags.azureml_modelmonitor_threshold_breached, 'yes');

    const keys = new URL(`${lab.address.apiUrl}/${lab.address.tenantId}/discovery/v2.0/keys`);
    const overTls = async (url: string) => Response.json((await lab.send('GET', url, { token: false })).json);
    const set = createRemoteJWKSet(keys, { [customFetch]: overTls });
    const token = String(headers.authorization).replace('Bearer ', '');
    const { payload } = await jwtVerify(token, set, { audience: 'api://triggers' });
    assert.equal(payload['appid'], '4962773b-9cdb-44cf-a8bf-237846a00ab7');
    assert.deepEqual(payload['roles'], ['AzureEventGridSecureWebhookSubscriber']);
    const asCaller = await lab.send('GET', lab.url('/models'), { token });
    assert.equal(asCaller.status, 401);
    await remove('cloud');
  });

  it('wait for a confirmation by hand, within ten minutes of the clock', async () => {
    const { json } = await subscribe('silent');
    assert.equal(json.properties.provisioningState, 'AwaitingManualAction');
    const question = receiver.received.findLast(({ url }) => url.startsWith('/silent'));
    const { validationUrl } = question?.body[0].data;
    await register('early', '1');
    assert.equal((await lab.send('GET', `${validationUrl}0`, { token: false })).status, 404);
    assert.equal((await lab.send('GET', validationUrl, { token: false })).status, 200);
    const confirmed = await lab.send('GET', address('silent'));
    assert.equal(confirmed.json.properties.provisioningState, 'Succeeded');
    await register('late', '1');
    await until(() => receiver.events('/silent').length > 0, 'the event');
    assert.deepEqual(
      receiver.events('/silent').map(({ body }) => body[0].subject),
      ['models/late:1'],
    );
    await subscribe('silent');
    await lab.send('POST', '/admin/clock', { body: { advance: 'PT11M' } });
    const late = await lab.send('GET', address('silent'));
    assert.equal(late.json.properties.provisioningState, 'Failed');
    await remove('silent');
  });

  it('try again by the documented schedule, on the clock that can be moved, and drop what nobody takes', async () => {
    await subscribe('again', { retryPolicy: { maxDeliveryAttempts: 3, eventTimeToLiveInMinutes: 60 } });
    receiver.refuse('/again', 500, 503, 500, 500);
    await lab.send('POST', '/admin/clock', { body: { freeze: true } });
    await register('stubborn', '1');
    const came = () => receiver.events('/again').length;
    await until(() => came() === 1, 'the first attempt');
    const refusals = async () => (await logged()).split("'again' did not take it").length - 1;
    for (const [index, pause] of ['PT10S', 'PT30S'].entries()) {
      await until(async () => (await refusals()) === index + 1, 'the refusal');
      assert.equal(came(), index + 1);
      await lab.send('POST', '/admin/clock', { body: { advance: pause } });
      await until(() => came() === index + 2, 'the next attempt');
    }
    assert.deepEqual(
      receiver.events('/again').map(({ headers }) => headers['aeg-delivery-count']),
      ['0', '1', '2'],
    );
    await until(async () => (await logged()).includes("for 'again' was dropped"), 'the log');
    await lab.send('POST', '/admin/clock', { body: { freeze: false } });
    await remove('again');
  });

  it('put into a container what an endpoint refuses for good', async () => {
    await subscribe('dead', {
      filter: { includedEventTypes: ['Microsoft.MachineLearningServices.ModelRegistered'] },
      deadLetterDestination: {
        endpointType: 'StorageBlob',
        properties: { resourceId: await storageId(), blobContainerName: 'undelivered' },
      },
    });
    receiver.refuse('/dead', 400);
    await register('refused', '7');
    await until(async () => (await logged()).includes("into the container 'undelivered'"), 'the dead letter');
    assert.equal(receiver.events('/dead').length, 1);
    await remove('dead');
  });

  it('are refused with the reason when they cannot work here', async () => {
    const cases: readonly (readonly [RegExp, () => ReturnType<typeof subscribe>])[] = [
      [/is not on this machine/, () => subscribe('away', {}, { endpointUrl: 'https://example.org/hook' })],
      [/webhooks only/, () => subscribe('hub', { destination: { endpointType: 'EventHub' } })],
      [/no event type/, () => subscribe('type', { filter: { includedEventTypes: ['Microsoft.X.Y'] } })],
      [/from 1 to 30/, () => subscribe('retry', { retryPolicy: { maxDeliveryAttempts: 31 } })],
      [/validate the endpoint/, () => subscribe('none', {}, { endpointUrl: 'http://127.0.0.1:1/x?code=s' })],
      [/3 to 64/, () => subscribe('no')],
    ];
    for (const [words, put] of cases) {
      const { status, text } = await put();
      assert.equal(status, 400);
      assert.match(text, words);
    }
    const asReader = await lab.send('PUT', address('mine'), { body: {}, token: await lab.token('reader') });
    assert.equal(asReader.status, 403);
    assert.match(asReader.text, /Microsoft\.EventGrid\/eventSubscriptions\/write/);
    const list = await lab.send('GET', address('').replace('/?', '?').toLowerCase());
    assert.deepEqual(list.json.value, []);
  });

  it('are kept: what one life could not deliver, the next one does', async () => {
    await subscribe('kept', { filter: { subjectEndsWith: ':9' } });
    receiver.refuse('/kept', 503);
    await register('patient', '9');
    await until(() => receiver.events('/kept').length === 1, 'the first attempt');
    await lab.stop();
    lab = await openLab({ dataFolder });
    await lab.send('POST', '/admin/clock', { body: { advance: 'PT1M' } });
    await until(() => receiver.events('/kept').length === 2, 'the repetition');
    const [first, second] = receiver.events('/kept');
    assert.deepEqual(second?.body, first?.body);
  });

  async function storageId(): Promise<string> {
    const { json } = await lab.send('GET', `${lab.id}?api-version=2025-12-01`);
    return json.properties.storageAccount;
  }
});
