import 'reflect-metadata';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import * as x509 from '@peculiar/x509';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import assert from 'node:assert/strict';
import { randomUUID, webcrypto } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trustIssuer } from '../../../../../local/workspace/index.ts';
import { startTestWorkspace, type TestWorkspace } from '../../../../helpers/workspace.ts';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const EXCHANGE = 'api://AzureADTokenExchange';

describe('Sign-in with @azure/identity', () => {
  let workspace: TestWorkspace;
  let issuer: Issuer;
  let certificate: { pem: string; withKey: string };
  const certified = {
    name: 'certified',
    clientId: randomUUID(),
    objectId: randomUUID(),
    role: 'contributor' as const,
  };
  const federated = {
    name: 'federated',
    clientId: randomUUID(),
    objectId: randomUUID(),
    role: 'contributor' as const,
  };

  before(async () => {
    certificate = await makeCertificate();
    issuer = await startIssuer();
    workspace = await startTestWorkspace({
      trustedIssuers: [issuer.url],
      principals: [
        { ...certified, certificates: [certificate.pem] },
        {
          ...federated,
          federated: [{ issuer: `${issuer.url}/other`, subject: 'sc://org/project/connection' }],
        },
      ],
    });
  });
  after(async () => {
    await workspace.stop();
    await issuer.stop();
  });

  const options = () => ({
    authorityHost: workspace.address.apiUrl,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: workspace.ca },
    retryOptions: { maxRetries: 0 },
  });
  const scope = () => `${workspace.address.apiUrl}/.default`;
  const works = async (credential: TokenCredential) => {
    const token = await credential.getToken(scope());
    assert.ok(token);
    assert.ok(token.expiresOnTimestamp > Date.now());
    const answer = await workspace.send('GET', `${workspace.id}?api-version=2022-10-01`, {
      token: token.token,
    });
    assert.equal(answer.status, 200);
  };
  const fails = async (credential: TokenCredential, code: string) => {
    await assert.rejects(credential.getToken(scope()), (error: Error) => {
      assert.match(error.message, new RegExp(`AADSTS${code}:`));
      return true;
    });
  };
  const { tenant, owner } = {
    tenant: () => workspace.address.tenantId,
    owner: () => workspace.address,
  };

  it('accepts a secret', () =>
    works(new ClientSecretCredential(tenant(), owner().clientId, owner().clientSecret, options())));

  it('refuses a wrong secret', () =>
    fails(new ClientSecretCredential(tenant(), owner().clientId, 'wrong', options()), '7000215'));

  it('refuses an unknown application', () =>
    fails(new ClientSecretCredential(tenant(), randomUUID(), owner().clientSecret, options()), '700016'));

  it('refuses another tenant', () =>
    fails(
      new ClientSecretCredential(randomUUID(), owner().clientId, owner().clientSecret, options()),
      '90002',
    ));

  it('accepts a registered certificate', () =>
    works(
      new ClientCertificateCredential(
        tenant(),
        certified.clientId,
        { certificate: certificate.withKey },
        options(),
      ),
    ));

  it('refuses a certificate of another application', () =>
    fails(
      new ClientCertificateCredential(
        tenant(),
        owner().clientId,
        { certificate: certificate.withKey },
        options(),
      ),
      '700027',
    ));

  describe('by federation', () => {
    const credential = (claims: Claims, clientId = owner().clientId) =>
      new ClientAssertionCredential(tenant(), clientId, () => issuer.sign(claims), options());
    const good = { sub: 'sc://org/project/connection', aud: EXCHANGE };

    it('accepts a token of a trusted issuer', () => works(credential(good)));

    it('refuses another issuer, naming what was presented', () =>
      fails(credential({ ...good, iss: 'https://elsewhere.example' }), '700211'));

    it('refuses another audience', () => fails(credential({ ...good, aud: 'api://elsewhere' }), '700212'));

    it('refuses a token without a subject', () => fails(credential({ aud: EXCHANGE }), '700213'));

    it('refuses another subject than the registered one', () =>
      fails(
        credential({ ...good, sub: 'sc://org/other', iss: `${issuer.url}/other` }, federated.clientId),
        '700213',
      ));

    it('refuses an expired token', () => fails(credential({ ...good, expiresInSeconds: -600 }), '700024'));

    it('refuses a token signed with another key', () =>
      fails(credential({ ...good, foreignKey: true }), '700027'));

    it('refuses what is not a token', () =>
      fails(
        new ClientAssertionCredential(
          tenant(),
          owner().clientId,
          () => Promise.resolve('nonsense'),
          options(),
        ),
        '50027',
      ));
  });

  it('takes a further issuer while it runs', async () => {
    const later = `${issuer.url}/later`;
    const credential = () =>
      new ClientAssertionCredential(
        tenant(),
        owner().clientId,
        () => issuer.sign({ sub: 's', aud: EXCHANGE, iss: later }),
        options(),
      );
    await fails(credential(), '700211');
    await trustIssuer(workspace.dataFolder, later);
    await works(credential());
  });

  it('accepts the identity of the machine by its endpoint and header', async () => {
    const { endpoint, header } = workspace.address.managedIdentity;
    process.env.IDENTITY_ENDPOINT = endpoint;
    process.env.IDENTITY_HEADER = header;
    const url = `${endpoint}?api-version=2019-08-01&resource=${workspace.address.apiUrl}`;
    const good = await workspace.send('GET', url, { token: false, headers: { 'x-identity-header': header } });
    assert.equal(good.json.token_type, 'Bearer');
    const bad = await workspace.send('GET', url, { token: false, headers: { 'x-identity-header': 'x' } });
    assert.equal(bad.status, 401);
    try {
      await works(new ManagedIdentityCredential(options()));
    } finally {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
    }
  });

  it('has a principal that may read, and is refused the rest by the action it lacks', async () => {
    const token = await workspace.token('reader');
    const version = 'api-version=2022-10-01';
    assert.equal((await workspace.send('GET', `${workspace.id}/models?${version}`, { token })).status, 200);
    const refused = [
      ['PUT', 'models/m/versions/1', 'workspaces/models/versions/write'],
      ['PUT', 'jobs/j', 'workspaces/jobs/write'],
      ['DELETE', 'data/d', 'workspaces/data/delete'],
      ['POST', 'datastores/workspaceblobstore/listSecrets', 'workspaces/datastores/listSecrets/action'],
    ] as const;
    for (const [method, path, action] of refused) {
      const answer = await workspace.send(method, `${workspace.id}/${path}?${version}`, {
        token,
        body: { properties: {} },
      });
      assert.equal(answer.status, 403, answer.text);
      assert.equal(answer.json.error.code, 'AuthorizationFailed');
      assert.ok(
        answer.json.error.message.includes(`'Microsoft.MachineLearningServices/${action}'`),
        answer.text,
      );
    }
  });

  it('gives a token that opens nothing but what it was asked for', async () => {
    const { endpoint, header } = workspace.address.managedIdentity;
    const statusFor = async (resource: string) => {
      const url = `${endpoint}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
      const headers = { 'x-identity-header': header };
      const { access_token: token } = (await workspace.send('GET', url, { headers, token: false })).json;
      return (await workspace.send('GET', `${workspace.id}?api-version=2024-10-01`, { token })).status;
    };
    const { apiUrl } = workspace.address;
    assert.deepEqual(
      await Promise.all(
        // The Python client asks for Azure's own address when it shares an asset, whatever the settings say.
        [apiUrl, `${apiUrl}/`, 'https://ml.azure.test', 'https://management.azure.com'].map(statusFor),
      ),
      [200, 200, 200, 200],
    );
    const others = ['https://storage.azure.com', `${apiUrl}/online/one`];
    assert.deepEqual(await Promise.all(others.map(statusFor)), [401, 401]);
  });

  it('refuses a scope that is not a resource, a missing proof and another grant', async () => {
    const ask = async (form: Record<string, string>) =>
      workspace.send('POST', `/${tenant()}/oauth2/v2.0/token`, {
        token: false,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: owner().clientId,
          ...form,
        }).toString(),
      });
    const secret = { client_secret: owner().clientSecret };
    assert.deepEqual((await ask({ ...secret, scope: 'user.read' })).json.error_codes, [1002012]);
    assert.deepEqual((await ask({ scope: scope() })).json.error_codes, [7000218]);
    assert.deepEqual(
      (await ask({ ...secret, grant_type: 'password', scope: scope() })).json.error_codes,
      [70003],
    );
  });

  it('describes itself to clients that ask first', async () => {
    const plain = { token: false as const };
    const clouds = await workspace.send('GET', '/metadata/endpoints?api-version=2019-05-01', plain);
    assert.equal(clouds.json[0].resourceManager, `${workspace.address.apiUrl}/`);
    const keys = await workspace.send('GET', `/${tenant()}/discovery/v2.0/keys`, plain);
    assert.equal(keys.json.keys[0].d, undefined);
    assert.equal(keys.json.keys[0].kty, 'EC');
  });
});

async function makeCertificate(): Promise<{ pem: string; withKey: string }> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=pipeline',
    keys,
    signingAlgorithm: RSA,
    notBefore: new Date(Date.now() - 1000),
    notAfter: new Date(Date.now() + 86_400_000),
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`;
  const pem = certificate.toString('pem');
  return { pem, withKey: `${key}${pem}\n` };
}

interface Claims {
  readonly sub?: string;
  readonly aud?: string;
  readonly iss?: string;
  readonly expiresInSeconds?: number;
  readonly foreignKey?: boolean;
}

interface Issuer {
  readonly url: string;
  sign(claims: Claims): Promise<string>;
  stop(): Promise<void>;
}

/** An OIDC issuer as Azure DevOps is one: a document, keys, and tokens it signs. */
async function startIssuer(): Promise<Issuer> {
  const pair = await generateKeyPair('RS256');
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const server: Server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.endsWith('/keys')) return response.end(JSON.stringify({ keys: [jwk] }));
    const own = `${url}${request.url?.replace('/.well-known/openid-configuration', '')}`;
    return response.end(JSON.stringify({ issuer: own, jwks_uri: `${url}/keys` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    sign: ({ sub, aud, iss = url, expiresInSeconds = 300, foreignKey = false }) => {
      const token = new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: 'one' }).setIssuer(iss);
      if (sub !== undefined) token.setSubject(sub);
      if (aud !== undefined) token.setAudience(aud);
      const now = Math.floor(Date.now() / 1000);
      token.setIssuedAt(now - 1200).setExpirationTime(now + expiresInSeconds);
      return token.sign(foreignKey ? foreign.privateKey : pair.privateKey);
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
