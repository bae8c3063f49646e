import assert from 'node:assert/strict';
import { connect, type AzureML, type Network } from '../../../shared/azureml/index.ts';
import { Problem } from '../../../shared/problem/index.ts';
import { startConnectProxy } from '../../helpers/connectProxy.ts';
import { startFaultGate, type FaultGate } from '../../helpers/faultGate.ts';
import { startTestWorkspace, type TestWorkspace } from '../../helpers/workspace.ts';

function clientAt(workspace: TestWorkspace, url: string, network: Network = {}): AzureML {
  const { address } = workspace;
  return connect({
    connection: {
      environment: 'AzureStack',
      resourceManagerUrl: url,
      authorityUrl: url,
      signIn: {
        scheme: 'secret',
        tenantId: address.tenantId,
        clientId: address.clientId,
        secret: address.clientSecret,
      },
    },
    scope: address,
    network: { tls: { caFile: address.caFile }, ...network },
    userAgent: 'azureml-delivery-test/1',
  });
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert(error instanceof Problem, String(error));
  return error;
}

describe("The client's way through the network", () => {
  let workspace: TestWorkspace;
  let gate: FaultGate;
  before(async () => {
    workspace = await startTestWorkspace();
    gate = await startFaultGate(workspace);
  });
  after(async () => {
    await gate.stop();
    await workspace.stop();
  });
  beforeEach(() => {
    gate.decide = () => undefined;
  });

  it('goes through the proxy with its password, for sign-in and service alike', async () => {
    const login = { username: 'agent', password: 'p@ss:word' };
    const proxy = await startConnectProxy(login);
    try {
      const client = clientAt(workspace, workspace.address.apiUrl, {
        proxy: { url: proxy.url, ...login, bypass: [] },
      });
      assert.equal((await client.workspace.get()).name, workspace.address.workspaceName);
      assert(proxy.tunnels.length > 0);
      assert.deepEqual(new Set(proxy.tunnels), new Set([new URL(workspace.address.apiUrl).host]));
    } finally {
      await proxy.stop();
    }
  });

  it('reaches hosts on the bypass list directly', async () => {
    const proxy = await startConnectProxy();
    try {
      const client = clientAt(workspace, workspace.address.apiUrl, {
        proxy: { url: proxy.url, bypass: ['^localhost$'] },
      });
      await client.workspace.get();
      assert.deepEqual(proxy.tunnels, []);
    } finally {
      await proxy.stop();
    }
  });

  it('says that the CA is missing when the certificate is not trusted', async () => {
    const problem = await problemOf(
      clientAt(workspace, workspace.address.apiUrl, { tls: {} }).workspace.get(),
    );
    assert.equal(problem.code, 'network');
    assert.match(problem.next ?? '', /CA/);
  });

  it('tries again after 429 as long as Retry-After says, and after 503 and dropped connections', async () => {
    const faults = [
      {
        kind: 'answer',
        status: 429,
        headers: { 'retry-after': '1' },
        body: { error: { code: 'TooManyRequests', message: 'slow down' } },
      },
      { kind: 'answer', status: 503, headers: { 'retry-after': '1' } },
      { kind: 'drop' },
    ] as const;
    let met = 0;
    gate.decide = ({ path }) => (path.includes('/workspaces/') ? faults[met++] : undefined);
    const started = performance.now();
    const client = clientAt(workspace, gate.url);
    assert.equal((await client.workspace.get()).name, workspace.address.workspaceName);
    assert.equal(met, 4);
    assert(performance.now() - started >= 2000);
  });

  it('sends its own user agent and tells the request ids of a failure', async () => {
    gate.decide = ({ path }) =>
      path.includes('/models/')
        ? {
            kind: 'answer',
            status: 400,
            headers: { 'x-ms-request-id': 'request-1', 'x-ms-correlation-request-id': 'correlation-1' },
            body: { error: { code: 'UserError', message: 'no such thing' } },
          }
        : undefined;
    const problem = await problemOf(clientAt(workspace, gate.url).models.get('m', '1'));
    assert.deepEqual(problem.reply, {
      status: 400,
      code: 'UserError',
      message: 'no such thing',
      requestId: 'request-1',
      correlationId: 'correlation-1',
    });
    const agents = gate.seen
      .filter(({ path }) => path.includes('/models/'))
      .map(({ headers }) => headers['user-agent'] ?? '');
    assert(
      agents.length > 0 && agents.every((agent) => agent.startsWith('azureml-delivery-test/1')),
      String(agents),
    );
  });

  it('never sends a token to a host that is not of its cloud', async () => {
    const client = clientAt(workspace, gate.url);
    const problem = await problemOf(
      client.arm.sendTo('Reading elsewhere', 'GET', 'https://example.com/history/v1.0'),
    );
    assert.equal(problem.code, 'network');
    assert.match(problem.message, /example\.com/);
  });
});
