import { Hono } from 'hono';
import { workspaceId, type WorkspaceContext, type WorkspaceEnv } from '../../context.ts';
import { datastoresBody } from '../../rules/datastores.ts';
import { checkShape } from '../../rules/shape.ts';
import { Members, readBody, readProperties } from '../../server/bodies.ts';
import { notFound, userError } from '../../server/failures.ts';
import { checkName } from '../../server/names.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { stamp, systemData } from '../../server/stamps.ts';
import { builtInDatastores } from './builtIn.ts';
import { readDatastore, type DatastoreRecord } from './records.ts';

const DEFAULT = 'workspaceblobstore';
const ARTIFACTS = 'workspaceartifactstore';
const SAS_LIFETIME_IN_HOURS = 24;

/** Datastores: the four built in, and those that users add. */
export function datastoresRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const added = context.store.collection<DatastoreRecord>('datastores');
  const builtIn = new Map(builtInDatastores(context).map((record) => [record.name, record]));
  const find = (name: string): DatastoreRecord => {
    const record = builtIn.get(name) ?? added.get(name);
    if (record === undefined) throw notFound(`The datastore '${name}'`);
    return record;
  };
  const path = `${workspacePath}/datastores` as const;

  app.get(path, (request) => {
    const records = [...builtIn.values(), ...[...added.list()].map(([, record]) => record)];
    const listed = sorted(
      records.filter(filterOf((name) => request.req.query(name))),
      request.req.query('orderByAsc') !== 'false',
    );
    const keyed = listed.map((record, index) => [String(index).padStart(6, '0'), record] as const);
    const remaining = (after: string | undefined) =>
      keyed.filter(([key]) => after === undefined || key > after);
    return request.json(pageOf(request, context, remaining, (record) => show(context, record)));
  });
  app.get(`${path}/:name`, (request) => request.json(show(context, find(request.req.param('name')))));
  app.put(`${path}/:name`, async (request) => {
    const name = checkName('datastore name', request.req.param('name'));
    if (builtIn.has(name))
      throw userError(`The datastore '${name}' belongs to the workspace and cannot be changed.`);
    const properties = await readProperties(request);
    const wanted = readDatastore(properties);
    checkShape(datastoresBody, { properties });
    const known = added.get(name);
    const record = { ...stamp(context.clock, request.get('caller'), known), name, ...wanted };
    await added.put(name, record);
    return request.json(show(context, record), known === undefined ? 201 : 200);
  });
  app.delete(`${path}/:name`, async (request) => {
    const name = request.req.param('name');
    if (builtIn.has(name))
      throw userError(`The datastore '${name}' belongs to the workspace and cannot be deleted.`);
    const known = added.get(name) !== undefined;
    await added.delete(name);
    return request.body(null, known ? 200 : 204);
  });
  app.post(`${path}/:name/listSecrets`, async (request) => {
    const record = find(request.req.param('name'));
    const body = await readBody(request);
    const members = new Members(body, 'body');
    const hours = Number(body.expireAfterHours ?? SAS_LIFETIME_IN_HOURS);
    return request.json(
      await secretsOf(context, record, members.flag('expirableSecret') ? hours : undefined),
    );
  });
  return app;
}

/** The key, or a signature that ends by itself where the client asks for one and the container is ours to sign for. */
async function secretsOf(
  context: WorkspaceContext,
  record: DatastoreRecord,
  hours: number | undefined,
): Promise<object> {
  const { properties, secrets } = record;
  if (secrets === undefined)
    throw userError(`The datastore '${record.name}' has no credentials, so it has no secrets.`);
  const container = properties.containerName;
  const isOurs = properties.accountName === context.storage.accountName && typeof container === 'string';
  // azure-ai-ml 1.35 signs the addresses of log files itself, with what it is given for the artifact store.
  const signsItself = record.name === ARTIFACTS;
  if (hours === undefined || !isOurs || signsItself) return secrets;
  await context.storageReady;
  const url = context.storage.sasUrl(container, undefined, 'racwdl', hours * 60 * 60);
  return { secretsType: 'Sas', sasToken: new URL(url).search.slice(1) };
}

function filterOf(query: (name: string) => string | undefined): (record: DatastoreRecord) => boolean {
  const names = query('names')?.split(',').filter(Boolean);
  const isDefault = query('isDefault')?.toLowerCase();
  const text = query('searchText')?.toLowerCase();
  return ({ name }) =>
    (names === undefined || names.includes(name)) &&
    (isDefault === undefined || isDefault === String(name === DEFAULT)) &&
    (text === undefined || name.toLowerCase().includes(text));
}

function sorted(records: DatastoreRecord[], ascending: boolean): DatastoreRecord[] {
  return records.sort((one, other) => (one.name < other.name ? -1 : 1) * (ascending ? 1 : -1));
}

function show({ identity }: WorkspaceContext, record: DatastoreRecord): object {
  return {
    id: `${workspaceId(identity)}/datastores/${record.name}`,
    name: record.name,
    type: 'Microsoft.MachineLearningServices/workspaces/datastores',
    properties: { ...record.properties, isDefault: record.name === DEFAULT },
    systemData: systemData(record),
  };
}
