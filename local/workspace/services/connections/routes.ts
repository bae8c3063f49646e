import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { connectionsBody } from '../../rules/connections.ts';
import { checkShape } from '../../rules/shape.ts';
import { isObject, readProperties, type Json } from '../../server/bodies.ts';
import { failure, notFound, userError } from '../../server/failures.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { stamp } from '../../server/stamps.ts';
import { showConnection, showSecrets, type ConnectionRecord } from './records.ts';

/** The published rule for names of connections. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/;
/** What lies below a connection to a service for AI: nothing of it is on this machine. */
const BELOW = ['deployments', 'models', 'raiBlocklists', 'raiPolicies', 'testconnection'] as const;

/** Connections to what is outside: kept and shown, their secrets only to those who ask for them by name. */
export function connectionsRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const connections = context.store.collection<ConnectionRecord>('connections');
  const path = `${workspacePath}/connections` as const;
  const find = (name: string): ConnectionRecord => {
    const record = connections.get(name);
    if (record === undefined) throw notFound(`The connection '${name}'`);
    return record;
  };
  const keep = async (name: string, caller: { readonly name: string }, properties: Json): Promise<object> => {
    checkShape(connectionsBody, { properties });
    const known = connections.get(name);
    const record = { ...stamp(context.clock, caller, known), name, ...readConnection(properties) };
    await connections.put(name, record);
    return showConnection(context, record);
  };
  app.get(path, (request) => {
    const isWanted = filterOf((name) => request.req.query(name));
    return request.json(
      pageOf(
        request,
        context,
        (after) => connections.list(after === undefined ? {} : { after }),
        (record) => (isWanted(record) ? showConnection(context, record) : undefined),
      ),
    );
  });
  app.get(`${path}/:name`, (request) =>
    request.json(showConnection(context, find(request.req.param('name')))),
  );
  app.put(`${path}/:name`, async (request) => {
    const name = checkName(request.req.param('name'));
    return request.json(await keep(name, request.get('caller'), await readProperties(request)));
  });
  app.patch(`${path}/:name`, async (request) => {
    const { name, properties, credentials } = find(request.req.param('name'));
    const kept = { ...properties, ...(credentials === undefined ? {} : { credentials }) };
    const changed = await readProperties(request);
    return request.json(await keep(name, request.get('caller'), { ...kept, ...changed }));
  });
  app.delete(`${path}/:name`, async (request) => {
    const name = request.req.param('name');
    const isKnown = connections.get(name) !== undefined;
    await connections.delete(name);
    return request.body(null, isKnown ? 200 : 204);
  });
  app.post(`${path}/:name/listSecrets`, (request) =>
    request.json(showSecrets(context, find(request.req.param('name')))),
  );
  for (const word of BELOW)
    for (const below of [`${path}/:name/${word}`, `${path}/:name/${word}/*`] as const)
      app.all(below, () => {
        throw failure(
          501,
          'NotSupported',
          `The embedded workspace keeps connections and reaches none of them: it has no ${word} of one.`,
          'unsupported',
        );
      });
  return app;
}

function readConnection({
  credentials,
  ...properties
}: Json): Pick<ConnectionRecord, 'properties' | 'credentials'> {
  const shown = { ...properties, metadata: properties.metadata ?? {} };
  return isObject(credentials) ? { properties: shown, credentials } : { properties: shown };
}

function filterOf(query: (name: string) => string | undefined): (record: ConnectionRecord) => boolean {
  const [target, category] = [query('target'), query('category')?.toLowerCase()];
  return ({ properties }) =>
    (target === undefined || properties.target === target) &&
    (category === undefined || String(properties.category).toLowerCase() === category);
}

function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw userError(
    `The connection name '${name}' is not valid. It has 3 to 33 letters, digits, dashes and underscores, and starts with a letter or digit.`,
  );
}
