/** Every list a picker shows is read here as the service reads it, from the embedded workspace. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  readDataSource,
  type DataSourceBinding,
  type DataSourceRows,
} from '../../local/devops/templates/dataSource.ts';
import { startWorkspace, type RunningWorkspace } from '../../local/workspace/index.ts';
import { connect, type AzureML } from '../../shared/azureml/index.ts';
import { taskNames } from '../build.mjs';

/** A binding and the rows it gave. */
export interface ReadBinding {
  /** `DownloadModel.version`, `model-artifact-type.versions`. */
  readonly name: string;
  readonly rows: DataSourceRows['rows'];
  readonly isCutOff: boolean;
  readonly calls: number;
}

/** What the workspace holds while the lists are read. */
export const SEED = {
  model: 'churn',
  /** Oldest first. */
  versions: ['1', '2', '3'],
  /** Carries `tag`. */
  tagged: '2',
  tag: 'stage=production',
  endpoint: 'churn-live',
  registry: 'shared',
} as const;

export interface DataSources {
  readonly address: RunningWorkspace['address'];
  readonly client: AzureML;
  read(binding: DataSourceBinding, inputs?: Readonly<Record<string, string>>): Promise<DataSourceRows>;
  readAll(root: string): Promise<readonly ReadBinding[]>;
  stop(): Promise<void>;
}

interface TaskFile {
  readonly name: string;
  readonly dataSourceBindings?: readonly DataSourceBinding[];
}

interface Manifest {
  readonly contributions: readonly {
    readonly id: string;
    readonly properties: { readonly dataSourceBindings?: readonly DataSourceBinding[] };
  }[];
}

/** A workspace with a model of three versions, and a reader of bindings. */
export async function startDataSources(): Promise<DataSources> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'sources-'));
  const workspace = await startWorkspace({ dataFolder });
  const { address } = workspace;
  const client = clientOf(address);
  await workspace.storageReady;
  await seed(client);
  const get = async (url: string): Promise<string> =>
    JSON.stringify((await client.arm.sendTo('Reading a list', 'GET', url)).body);
  const read: DataSources['read'] = (binding, inputs = {}) =>
    readDataSource(binding, {
      // The service's own spelling of a connection's address ends with a slash.
      endpoint: { url: `${address.apiUrl}/`, subscriptionId: address.subscriptionId },
      inputs: {
        resourceGroup: address.resourceGroup,
        workspace: address.workspaceName,
        registry: SEED.registry,
        definition: SEED.model,
        modelName: SEED.model,
        version: '3',
        ...inputs,
      },
      get,
    });
  return {
    address,
    client,
    read,
    async readAll(root) {
      const found: ReadBinding[] = [];
      for (const [name, binding] of await bindingsIn(root)) {
        const { rows, isCutOff, urls } = await read(binding);
        found.push({ name, rows, isCutOff, calls: urls.length });
      }
      return found;
    },
    async stop() {
      await workspace.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** The bindings of all tasks and contributions, by name. */
async function bindingsIn(root: string): Promise<[string, DataSourceBinding][]> {
  const read = async <T>(file: string): Promise<T> =>
    JSON.parse(await readFile(path.join(root, file), 'utf8')) as T;
  const tasks = await Promise.all(
    (await taskNames(root)).map((name: string) => read<TaskFile>(`tasks/${name}/task.json`)),
  );
  const { contributions } = await read<Manifest>('vss-extension.json');
  const named = (name: string, bindings: readonly DataSourceBinding[] = []): [string, DataSourceBinding][] =>
    bindings.map((binding) => [`${name}.${binding.target}`, binding]);
  return [
    ...tasks.flatMap((task) => named(task.name, task.dataSourceBindings)),
    ...contributions.flatMap(({ id, properties }) => named(id, properties.dataSourceBindings)),
  ];
}

async function seed(client: AzureML): Promise<void> {
  const [name = '', value = ''] = SEED.tag.split('=');
  const registry = client.registry(SEED.registry);
  const properties = { regionDetails: [{ location: 'local' }] };
  await client.arm.send('Making a registry', 'PUT', registry.id, { location: 'local', properties });
  for (const models of [client.models, registry.models])
    for (const version of SEED.versions)
      await models.create(SEED.model, version, {
        modelUri: 'azureml://datastores/workspaceblobstore/paths/churn',
        modelType: 'custom_model',
        tags: version === SEED.tagged ? { [name]: value } : {},
      });
  await client.endpoints.put(SEED.endpoint, {
    location: 'local',
    identity: { type: 'SystemAssigned' },
    properties: { authMode: 'Key' },
  });
}

function clientOf(address: RunningWorkspace['address']): AzureML {
  const { tenantId, clientId, clientSecret: secret } = address;
  return connect({
    connection: {
      environment: 'AzureStack',
      resourceManagerUrl: address.apiUrl,
      authorityUrl: address.apiUrl,
      signIn: { scheme: 'secret', tenantId, clientId, secret },
    },
    scope: address,
    network: { tls: { caFile: address.caFile } },
    userAgent: 'azureml-delivery-check',
  });
}

/** Complaints about lists that are empty, cut off, or hold rows the editor cannot show. */
export async function checkDataSources(root: string): Promise<string[]> {
  const sources = await startDataSources();
  try {
    return (await sources.readAll(root)).flatMap(problemsOf);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await sources.stop();
  }
}

function problemsOf({ name, rows, isCutOff }: ReadBinding): string[] {
  const isShown = (row: Readonly<Record<string, unknown>>): boolean =>
    [row['url'] ?? row['Value'], row['url'] ?? row['DisplayValue']].every(
      (text) => typeof text === 'string' && text !== '',
    );
  return [
    ...(rows.length === 0 ? [`${name} gives no rows.`] : []),
    ...(isCutOff ? [`${name} needs more pages than the service asks for.`] : []),
    ...rows
      .filter((row) => !isShown(row))
      .map((row) => `${name} gives a row without text: ${JSON.stringify(row)}.`),
  ];
}
