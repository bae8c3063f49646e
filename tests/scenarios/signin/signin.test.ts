import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { startDevOps, type DevOpsServer } from '../../../local/devops/index.ts';
import { trustIssuer } from '../../../local/workspace/index.ts';
import { makeCertificate, type TestCertificate } from '../../helpers/certificate.ts';
import { startConnectProxy } from '../../helpers/connectProxy.ts';
import { startFaultGate } from '../../helpers/faultGate.ts';
import { CONNECTION, type TaskOptions, type TaskRun } from '../../helpers/taskProcess.ts';
import { JOB, startTrainKit, type TrainKit } from '../train/kit.ts';

const JOB_IDS = { planId: randomUUID(), jobId: randomUUID() };
const CERTIFIED = { name: 'certified', clientId: randomUUID(), objectId: randomUUID() };
const PROJECT = { id: randomUUID(), name: 'models' };

describe('A task, signing in by its service connection', () => {
  let kit: TrainKit;
  let certificate: TestCertificate;
  let jobFile: string;
  let count = 0;
  before(async () => {
    certificate = await makeCertificate('pipeline');
    kit = await startTrainKit({
      principals: [{ ...CERTIFIED, role: 'contributor', certificates: [certificate.certificate] }],
    });
    jobFile = await kit.write(
      'signin.yml',
      JOB.replace('code: src\n', '').replace('python3 train.py', 'echo in'),
    );
  });
  after(() => kit.stop());

  /** Submits a job that sends no files, so that it is all about the service. */
  const submit = (options: Partial<TaskOptions>): Promise<TaskRun> =>
    kit.run({ jobFile, waitForCompletion: 'false', set: `environment_variables.N=${(count += 1)}` }, options);
  const works = async (options: Partial<TaskOptions>): Promise<TaskRun> => {
    const done = await submit(options);
    assert.equal(done.result, 'Succeeded', [done.message, done.log].join('\n'));
    return done;
  };
  const fails = async (options: Partial<TaskOptions>, words: RegExp): Promise<TaskRun> => {
    const done = await submit(options);
    assert.equal(done.result, 'Failed');
    assert.match(done.message, words);
    return done;
  };
  const principal = (parameters: Readonly<Record<string, string>>) => ({
    parameters: { tenantid: kit.workspace.address.tenantId, ...parameters },
  });

  it('uses a secret, and says of a wrong one what Entra ID says of it', async () => {
    await works({});
    const { clientId } = kit.workspace.address;
    const connection = principal({ serviceprincipalid: clientId, serviceprincipalkey: 'old-secret-value' });
    const done = await fails(
      { connection },
      /signing in was refused\.\nThe service said \(AADSTS7000215\): Invalid client secret provided\. [^]*\n\(correlation id [\w-]+\)\nNext: Check the service connection/,
    );
    assert(!withoutMasking(done).includes('old-secret-value'));
  });

  it('uses a certificate with its key, and says when that is not registered', async () => {
    const certified = (id: string) => ({
      connection: principal({
        serviceprincipalid: id,
        authenticationType: 'spnCertificate',
        servicePrincipalCertificate: certificate.withKey,
      }),
    });
    const done = await works(certified(CERTIFIED.clientId));
    const keyLines = certificate.key.split('\n').filter((line) => line && !line.startsWith('-----'));
    const open = withoutMasking(done);
    assert(!keyLines.some((line) => open.includes(line)));
    await fails(
      certified(kit.workspace.address.clientId),
      /signing in was refused\.\nThe service said .*AADSTS700027/,
    );
  });

  it('names what the connection lacks', async () => {
    const none = principal({ serviceprincipalid: 'some-id' });
    await fails({ connection: none }, /input 'azureSubscription': .* lacks 'serviceprincipalkey'/);
    await fails(
      { connection: { scheme: 'PublishProfile', parameters: {} } },
      /input 'azureSubscription': .* signs in by 'publishprofile'/,
    );
    await fails(
      { connection: { data: { subscriptionid: '', mlWorkspaceName: '' } } },
      /input 'azureSubscription': The service connection names no subscription[^]*input 'workspace': A value is required\./,
    );
  });

  it('uses the identity of the machine', async () => {
    const { endpoint, header } = kit.workspace.address.managedIdentity;
    const connection = { scheme: 'ManagedServiceIdentity', parameters: {} };
    await works({ connection, variables: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } });
    await fails(
      { connection, variables: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: 'wrong' } },
      /signing in was refused/,
    );
  });

  it('says which right is missing, and which workspace is not there', async () => {
    const { clientId, clientSecret } = kit.workspace.address.reader;
    await fails(
      { connection: principal({ serviceprincipalid: clientId, serviceprincipalkey: clientSecret }) },
      /may not do this \(403\).*\n.*x-ms-request-id \S+.*\nNext: Give .* allows the action Microsoft\.MachineLearningServices\/workspaces\/jobs\/write/s,
    );
    await fails({ connection: { data: { mlWorkspaceName: 'nowhere' } } }, /nowhere/);
  });

  it('asks for new tokens as long as the job runs', async () => {
    const short = await startTrainKit({ tokenLifetimeInSeconds: 2 });
    const gate = await startFaultGate(short.workspace);
    try {
      const file = await short.write(
        'long.yml',
        JOB.replace('code: src\n', '').replace('python3 train.py', 'sleep 5'),
      );
      await short.ok({ jobFile: file }, { connection: { url: gate.url } });
      assert(gate.seen.filter(({ path }) => path.includes('/oauth2/v2.0/token')).length >= 3);
    } finally {
      await gate.stop();
      await short.stop();
    }
  });

  describe('without any secret, by federation', () => {
    let devops: DevOpsServer;
    const dispatcher = getGlobalDispatcher();
    before(async () => {
      // The workspace runs in this process and reads the issuer's keys over HTTPS.
      setGlobalDispatcher(new Agent({ connect: { ca: [...rootCertificates, kit.workspace.ca] } }));
      const folder = `${kit.workspace.dataFolder}/certificates`;
      devops = await startDevOps({
        organization: 'example',
        project: PROJECT,
        connections: [{ id: CONNECTION, name: 'workspace' }],
        builds: { list: () => [], get: () => undefined } as never,
        tls: {
          certificate: await readFile(`${folder}/server.pem`, 'utf8'),
          key: await readFile(`${folder}/server.key`, 'utf8'),
        },
      });
    });
    after(async () => {
      await devops.close();
      setGlobalDispatcher(dispatcher);
    });

    const federated = (systemAccessToken: string): Partial<TaskOptions> => ({
      systemAccessToken,
      variables: { 'System.OidcRequestUri': devops.oidcRequestUri(JOB_IDS) },
      connection: {
        scheme: 'WorkloadIdentityFederation',
        ...principal({ serviceprincipalid: kit.workspace.address.clientId }),
      },
    });

    it('exchanges a token of Azure DevOps, once the workspace trusts its issuer', async () => {
      const { token } = devops.admitJob(JOB_IDS);
      await fails(federated(token), /signing in was refused\.\nThe service said .*AADSTS700211/);
      await trustIssuer(kit.workspace.dataFolder, devops.origin);
      const done = await works(federated(token));
      const open = withoutMasking(done);
      assert(!open.includes(token));
      assert.doesNotMatch(open, /eyJ[A-Za-z0-9_-]{10}/);
    });

    it('says that Azure DevOps refused, and what the job lacks', async () => {
      const job = devops.admitJob(JOB_IDS);
      job.end();
      await fails(federated(job.token), /signing in was refused\.\nThe service said \(401/);
      await fails(
        { ...federated(job.token), variables: {} },
        /offered no OIDC request address \(System\.OidcRequestUri\)/,
      );
      await fails(federated(''), /has no access token to ask Azure DevOps/);
    });
  });

  describe('through the network of its agent', () => {
    it('takes the proxy with its password, past which only the bypass list goes, for the service and for storage', async () => {
      const proxy = await startConnectProxy({ username: 'agent', password: 'p@ss:word' });
      const variables = {
        'Agent.ProxyUrl': proxy.url,
        'Agent.ProxyUsername': 'agent',
        'Agent.ProxyPassword': 'p@ss:word',
      };
      try {
        const project = await kit.project('proxied', 'print("hello")\n');
        await kit.ok({ jobFile: project }, { variables });
        const { apiUrl, blobUrl } = kit.workspace.address;
        assert(proxy.tunnels.includes(new URL(apiUrl).host));
        assert(
          proxy.tunnels.some((host) => host.endsWith(`:${new URL(blobUrl).port}`)),
          proxy.tunnels.join(),
        );
        const before = proxy.tunnels.length;
        await works({ variables: { ...variables, 'Agent.ProxyBypassList': '["localhost"]' } });
        assert.equal(proxy.tunnels.length, before);
        await fails(
          { variables: { ...variables, 'Agent.ProxyPassword': 'wrong' } },
          /The agent's proxy did not let the request to localhost:\d+ pass \(407\)/,
        );
      } finally {
        await proxy.stop();
      }
    });

    it('says that the authority of the server is not trusted', () =>
      fails({ variables: { 'Agent.CAInfo': '' } }, /no answer .*\nNext: Give the agent the issuing CA/));

    it('shows its client certificate where the network asks for one', async () => {
      const client = await makeCertificate('agent');
      const gate = await startFaultGate(kit.workspace, { clientCa: client.certificate });
      const variables = {
        'Agent.ClientCert': await kit.write('client.pem', client.certificate),
        'Agent.ClientCertKey': await kit.write('client.key', client.key),
      };
      try {
        await works({ connection: { url: gate.url }, variables });
        assert(gate.seen.length > 0);
        await fails({ connection: { url: gate.url } }, /no answer/);
      } finally {
        await gate.stop();
      }
    });

    it('names the file of the agent that cannot be read', () =>
      fails(
        { variables: { 'Agent.CAInfo': '/nowhere/ca.pem' } },
        /The agent's CA file '\/nowhere\/ca\.pem' cannot be read/,
      ));

    it('says that nobody answers', () =>
      fails(
        { connection: { url: 'https://localhost:9' } },
        /no answer \(ECONNREFUSED\)[^]*Next: Check that the agent reaches this host/,
      ));
  });
});

/** What a step says in the open: the command that hands a secret to the agent's mask left out. */
function withoutMasking({ output }: TaskRun): string {
  return output.replace(/^##vso\[task\.setsecret\].*$/gm, '');
}
