import { ContainerSASPermissions } from '@azure/storage-blob';
import https from 'node:https';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AzureML } from '../../shared/azureml/index.ts';
import { ArmSchema } from '../../scripts/conformance/armSchema.ts';
import type { TestWorkspace } from './workspace.ts';

/** A registry in front of a workspace: what is asked of it is answered here, everything else by the workspace. */
export interface RegistryStandIn {
  /** Use this as the workspace's address. */
  readonly url: string;
  /** The properties of every version that was created, by `name/version`. */
  readonly versions: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** What the published schema found wrong with the bodies that came. */
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const PATH =
  /\/registries\/[^/]+\/(models|datareferences|operations)\/([^/?]+)(?:\/versions(?:\/([^/?]+))?(\/startPendingUpload)?)?(?:\?|$)/;

/** Its files lie in the workspace's own storage, below `registry/`. */
export async function startRegistryStandIn(
  workspace: TestWorkspace,
  client: AzureML,
): Promise<RegistryStandIn> {
  const folder = `${workspace.dataFolder}/certificates`;
  const [cert, key] = await Promise.all([readFile(`${folder}/server.pem`), readFile(`${folder}/server.key`)]);
  const schema = new ArmSchema('2025-12-01');
  const versions = new Map<string, Readonly<Record<string, unknown>>>();
  const problems: string[] = [];
  const container = await client.datastores.open('workspaceblobstore');
  const sasUri = await container.generateSasUrl({
    permissions: ContainerSASPermissions.parse('racwl'),
    expiresOn: new Date(Date.now() + 3_600_000),
  });
  const signed = (blobUri: string): Reply => ({
    status: 200,
    body: { blobReferenceForConsumption: { blobUri, credential: { credentialType: 'SAS', sasUri } } },
  });

  const answer = (method: string, address: string, text: string): Reply => {
    const [, area, name = '', version, isUpload] = PATH.exec(address) ?? [];
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    if (area === 'operations') return { status: 200, body: { status: 'Succeeded' } };
    if (area === 'datareferences') return signed(String(body['blobUri']));
    if (isUpload) return signed(`${container.url}/registry/${name}-${version}`);
    const known = [...versions].filter(([one]) => one.startsWith(`${name}/`));
    if (version === undefined && address.includes('/versions'))
      return { status: 200, body: { value: known.map(([one]) => resource(address, one)).reverse() } };
    if (version === undefined)
      return known.length === 0
        ? { status: 404 }
        : { status: 200, body: { properties: { nextVersion: String(known.length + 1) } } };
    const id = `${name}/${version}`;
    if (method === 'PUT') {
      problems.push(...schema.problems('registries_models_versions', body));
      versions.set(id, body['properties'] as Record<string, unknown>);
      const operation = `${standIn.url}${address.slice(0, address.indexOf('/models/'))}/operations/1?api-version=1`;
      return { status: 202, headers: { 'azure-asyncoperation': operation } };
    }
    return versions.has(id) ? { status: 200, body: resource(address, id) } : { status: 404 };
  };
  const resource = (address: string, one: string): object => {
    const [name, version] = one.split('/');
    const root = address.slice(0, address.indexOf('/models/'));
    return { id: `${root}/models/${name}/versions/${version}`, name: version, properties: versions.get(one) };
  };

  const upstream = new https.Agent({ ca: workspace.ca, keepAlive: true });
  const server = https.createServer({ cert, key }, (request, response) => {
    void textOf(request).then((text) => {
      const address = request.url ?? '';
      if (PATH.test(address)) {
        const { status, body, headers } = answer(request.method ?? '', address, text);
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(body === undefined ? '' : JSON.stringify(body));
        return;
      }
      const headers = { ...request.headers, host: new URL(workspace.address.apiUrl).host };
      const options = { method: request.method ?? 'GET', headers, agent: upstream };
      https
        .request(`${workspace.address.apiUrl}${address}`, options, (from) => {
          void textOf(from).then((answered) => {
            // Addresses in answers are rewritten, so that the client keeps coming this way.
            const mine = answered.replaceAll(workspace.address.apiUrl, standIn.url);
            const { 'transfer-encoding': _chunked, ...kept } = from.headers;
            const length = String(Buffer.byteLength(mine));
            response.writeHead(from.statusCode ?? 502, { ...kept, 'content-length': length }).end(mine);
          });
        })
        .end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: RegistryStandIn = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    versions,
    problems,
    async stop() {
      upstream.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
