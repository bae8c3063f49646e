import assert from 'node:assert/strict';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOnlineKit, type OnlineKit } from '../onlineEndpoints/kit.ts';

const RAW_SCRIPT = `
from azureml_inference_server_http.api.aml_request import rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse
from flask import Response
import hashlib

def init():
    pass

@rawhttp
def run(request):
    if request.method == "GET":
        return AMLResponse(str(sorted(key.lower() for key in request.headers.keys())), 200)
    data = request.get_data()
    if request.args.get("status"):
        return AMLResponse("refused", int(request.args["status"]))
    if request.args.get("echo"):
        return Response(data, mimetype="application/octet-stream")
    return AMLResponse(hashlib.sha256(data).hexdigest(), 200)
`;

describe('a scoring address', () => {
  let kit: OnlineKit;
  before(async () => {
    kit = await startOnlineKit();
    await kit.endpoint('score-me');
    const fast = { requestSettings: { requestTimeout: 'PT2S', maxConcurrentRequestsPerInstance: 1 } };
    await Promise.all([
      kit.deployment('score-me', 'blue', { properties: fast }),
      kit.deployment('score-me', 'green', {
        properties: { requestSettings: { maxConcurrentRequestsPerInstance: 50 } },
      }),
      kit.deployment('score-me', 'raw', { script: RAW_SCRIPT }),
    ]);
  });
  after(() => kit.workspace.stop());

  const pinned = (name: string) => ({ 'azureml-model-deployment': name });
  const send = (token: string | false, path = '/online/score-me/score', method = 'POST') =>
    kit.workspace.send(method, path, { token, body: '{}', headers: pinned('green') });

  it('opens to both keys and to nothing else', async () => {
    const { json } = await kit.arm('POST', '/onlineEndpoints/score-me/listKeys');
    assert.equal((await send(json.primaryKey)).status, 200);
    assert.equal((await send(json.secondaryKey)).status, 200);
    assert.equal((await send('wrong')).status, 401);
    assert.equal((await send(await kit.workspace.token())).status, 401);
    const without = await send(false);
    assert.equal(without.status, 401);
    assert.match(String(without.headers['www-authenticate']), /^Bearer/);
  });

  it('answers 404 where there is no endpoint, no traffic, and no such deployment', async () => {
    assert.equal((await send('any', '/online/nowhere/score')).status, 404);
    assert.match(
      (await kit.score('score-me', {})).text,
      /No deployment of endpoint 'score-me' takes traffic/,
    );
    assert.match((await kit.score('score-me', {}, pinned('red'))).text, /has no deployment 'red'/);
  });

  it('splits requests by traffic, and a header overrules it', async () => {
    await kit.traffic('score-me', { blue: 0, green: 100 });
    const fromGreen = await kit.score('score-me', {});
    assert.equal(fromGreen.json.from, 'green');
    assert.equal(fromGreen.headers['azureml-model-deployment'], 'green');
    assert.equal((await kit.score('score-me', {}, pinned('Blue'))).json.from, 'blue');
    await kit.traffic('score-me', { blue: 50, green: 50 });
    const seen = new Set<string>();
    for (let count = 0; count < 200 && seen.size < 2; count += 1)
      seen.add((await kit.score('score-me', {})).json.from);
    assert.deepEqual([...seen].sort(), ['blue', 'green']);
  });

  it('names every request, and gives the caller its own id back', async () => {
    const answer = await kit.score('score-me', {}, { ...pinned('green'), 'x-ms-client-request-id': 'mine' });
    assert.match(String(answer.headers['x-ms-request-id']), /^[0-9a-f-]{36}$/);
    assert.equal(answer.headers['x-ms-client-request-id'], 'mine');
  });

  it('tells a failing model from a failing service', async () => {
    const answer = await kit.score('score-me', { fail: 'no' }, pinned('green'));
    assert.equal(answer.status, 424);
    assert.equal(answer.headers['ms-azureml-model-error-statuscode'], '500');
    assert.equal(answer.headers['ms-azureml-model-error-reason'], 'model_error');
    const refused = await kit.workspace.send('POST', '/online/score-me/score?status=422', {
      token: await kit.key('score-me'),
      headers: pinned('raw'),
      body: 'x',
    });
    assert.equal(refused.status, 424);
    assert.equal(refused.text, 'refused');
    assert.equal(refused.headers['ms-azureml-model-error-statuscode'], '422');
  });

  it('gives up after the request timeout of the deployment', async () => {
    assert.equal((await kit.score('score-me', { sleep: 2.5 }, pinned('blue'))).status, 408);
  });

  it('refuses what is more than twice the concurrency', async () => {
    await sleep(1_000);
    const statuses = await Promise.all(
      [1, 2, 3, 4].map(async () => (await kit.score('score-me', { sleep: 0.3 }, pinned('blue'))).status),
    );
    assert.deepEqual(statuses.sort(), [200, 200, 429, 429]);
  });

  it('says so when a container ends in the middle of a request, and is there again soon', async () => {
    const answer = await kit.score('score-me', { exit: 1 }, pinned('green'));
    assert.equal(answer.status, 424);
    assert.equal(answer.headers['ms-azureml-model-error-statuscode'], '502');
    let status = 0;
    while (status !== 200) {
      ({ status } = await kit.score('score-me', {}, pinned('green')));
      await sleep(50);
    }
  });

  it('notices that a caller has gone', async () => {
    const { address, ca } = kit.workspace;
    const headers = { authorization: `Bearer ${await kit.key('score-me')}`, ...pinned('green') };
    const call = https.request(`${address.apiUrl}/online/score-me/score`, { method: 'POST', ca, headers });
    call.on('error', () => {});
    call.end('{"sleep":2}');
    await sleep(300);
    call.destroy();
    const path = '/onlineEndpoints/score-me/providers/microsoft.insights/metrics';
    const filter = encodeURIComponent("statusCode eq '499'");
    const gone = async () =>
      (await kit.arm('GET', `${path}?metricnames=RequestsPerMinute&$filter=${filter}`)).json.value[0];
    while ((await gone()).timeseries.length === 0) await sleep(50);
  });

  it('passes bodies of any kind and size through', async () => {
    const token = await kit.key('score-me');
    const body = Array.from({ length: 300_000 }, (_, index) => String.fromCharCode(32 + (index % 90))).join(
      '',
    );
    const answer = await kit.workspace.send('POST', '/online/score-me/score?echo=1', {
      token,
      headers: pinned('raw'),
      body,
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/octet-stream');
    assert.equal(answer.text, body);
  });

  it('keeps the credential from the model', async () => {
    const token = await kit.key('score-me');
    const answer = await kit.workspace.send('GET', '/online/score-me/score', {
      token,
      headers: { ...pinned('raw'), 'x-mine': '1' },
    });
    assert.match(answer.text, /x-mine/);
    assert.doesNotMatch(answer.text, /authorization/);
  });

  it('shows the schema of the deployment', async () => {
    const answer = await kit.workspace.send('GET', '/online/score-me/swagger.json', {
      token: await kit.key('score-me'),
      headers: pinned('green'),
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.json.swagger, '2.0');
  });

  it('copies requests to a mirror without waiting for it', async () => {
    const { operation } = await kit.traffic('score-me', { blue: 100 }, { green: 50 });
    assert.equal(operation.status, 'Succeeded');
    const path = '/onlineEndpoints/score-me/providers/microsoft.insights/metrics';
    const copies = async () => {
      const filter = encodeURIComponent("deployment eq 'green'");
      const { json } = await kit.arm(
        'GET',
        `${path}?metricnames=RequestsPerMinute&aggregation=total&interval=FULL&$filter=${filter}`,
      );
      return Number(json.value[0].timeseries[0]?.data[0].total ?? 0);
    };
    const before = await copies();
    for (let count = 0; count < 60; count += 1)
      assert.equal((await kit.score('score-me', { count })).json.from, 'blue');
    while ((await copies()) === before) await sleep(50);
    assert.ok((await copies()) - before < 60);
  });

  it('with AML tokens opens to its own tokens only', async () => {
    await kit.endpoint('tokens-one', { authMode: 'AMLToken' });
    await kit.endpoint('tokens-two', { authMode: 'AMLToken' });
    const tokenOf = async (name: string) =>
      String((await kit.arm('POST', `/onlineEndpoints/${name}/token`)).json.accessToken);
    const status = async (token: string) => (await send(token, '/online/tokens-one/score')).status;
    assert.equal(await status(await tokenOf('tokens-one')), 404);
    assert.equal(await status(await tokenOf('tokens-two')), 401);
    assert.equal(await status(await kit.workspace.token()), 401);
  });

  it('with directory tokens opens to whoever may score', async () => {
    await kit.endpoint('directory', { authMode: 'AADToken' });
    const status = async (token: string) => (await send(token, '/online/directory/score')).status;
    const { address } = kit.workspace;
    assert.equal(await status(await signIn(kit, address, 'https://ml.azure.test')), 404);
    assert.equal(await status(await signIn(kit, address.reader, 'https://ml.azure.test')), 401);
    assert.equal(await status(await signIn(kit, address, address.apiUrl)), 401);
    assert.equal(await status(await kit.key('score-me')), 401);
  });
});

/** A token of the directory for one audience. */
async function signIn(
  kit: OnlineKit,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
  audience: string,
): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${audience}/.default`,
  };
  const answer = await kit.workspace.send('POST', `/${kit.workspace.address.tenantId}/oauth2/v2.0/token`, {
    token: false,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  return String(answer.json.access_token);
}
