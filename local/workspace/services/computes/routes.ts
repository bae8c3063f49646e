import { Hono, type Context } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { nodesOf } from '../../engine/computes/index.ts';
import { computesBody } from '../../rules/computes.ts';
import { checkShape } from '../../rules/shape.ts';
import { isObject, readBody, type Json } from '../../server/bodies.ts';
import { conflict, failure, userError } from '../../server/failures.ts';
import { operationHeaders } from '../../server/operations.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { stamp } from '../../server/stamps.ts';
import type { Collection } from '../../store/store.ts';
import { checkComputeName, readCompute, readScale, type ComputeRecord } from './records.ts';
import { nodesIn, showCompute } from './show.ts';

const TYPE = 'Microsoft.MachineLearningServices/workspaces/computes';
const path = `${workspacePath}/computes` as const;

/** The cluster a new workspace has, so that jobs written for one run without a step before. */
const SEED = { name: 'cpu-cluster', vmSize: 'STANDARD_DS3_V2', maxNodeCount: 4 };

type Computes = Collection<ComputeRecord>;

/** Compute targets. Nodes are this machine; sizes and scale settings are kept and shown. */
export function computesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const computes = computesOf(context);
  const begin = computeOperations(context, computes);
  app.get(path, (request) => {
    const wanted = request.req.query('computeType')?.toLowerCase();
    const listed = (record: ComputeRecord) =>
      wanted === undefined || record.computeType.toLowerCase() === wanted
        ? showCompute(context, record)
        : undefined;
    return request.json(
      pageOf(request, context, (after) => computes.list(after === undefined ? {} : { after }), listed),
    );
  });
  app.get(`${path}/:name`, (request) =>
    request.json(showCompute(context, find(computes, context, request.req.param('name')))),
  );
  app.put(`${path}/:name`, (request) =>
    putCompute({ context, computes, begin }, request, request.req.param('name')),
  );
  app.patch(`${path}/:name`, (request) =>
    patchCompute({ context, computes, begin }, request, request.req.param('name')),
  );
  app.delete(`${path}/:name`, (request) =>
    deleteCompute({ context, computes, begin }, request, request.req.param('name')),
  );
  app.post(`${path}/:name/listNodes`, (request) => {
    const record = find(computes, context, request.req.param('name'));
    return request.json({ nodes: showNodes(context, record) });
  });
  for (const [action, state] of [
    ['start', 'Running'],
    ['stop', 'Stopped'],
    ['restart', 'Running'],
  ] as const) {
    app.post(`${path}/:name/${action}`, async (request) => {
      const record = find(computes, context, request.req.param('name'));
      if (record.computeType !== 'ComputeInstance')
        throw userError(
          `Only a compute instance can be told to ${action}; '${record.name}' is a ${record.computeType}.`,
        );
      const url = await begin.run({ name: record.name, state });
      return request.body(null, 202, operationHeaders(url));
    });
  }
  return app;
}

/** Makes the cluster of a new workspace, once: one that was deleted stays deleted. */
export async function seedComputes(context: WorkspaceContext): Promise<void> {
  const seeded = context.store.collection<boolean>('seeded');
  if (seeded.get('computes')) return;
  const body = {
    properties: {
      computeType: 'AmlCompute',
      properties: {
        vmSize: SEED.vmSize,
        scaleSettings: { minNodeCount: 0, maxNodeCount: SEED.maxNodeCount },
      },
    },
  };
  const record: ComputeRecord = {
    ...stamp(context.clock, { name: 'workspace' }),
    name: SEED.name,
    provisioningState: 'Succeeded',
    ...readCompute(body, context.identity.location),
  };
  await context.store.transaction(() => {
    void computesOf(context).put(keyOf(SEED.name), record);
    void seeded.put('computes', true);
  });
}

/** The compute of this name, whatever its case; for services that run something on it. */
export function findCompute(context: WorkspaceContext, name: string): ComputeRecord | undefined {
  return computesOf(context).get(keyOf(name));
}

async function putCompute(
  { context, computes, begin }: ComputeCalls,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  checkComputeName(name);
  const body = await readBody(request);
  const wanted = readCompute(body, context.identity.location);
  checkShape(computesBody, body);
  const known = computes.get(keyOf(name));
  if (known && known.computeType !== wanted.computeType)
    throw conflict(`The compute '${name}' exists with the type ${known.computeType}.`);
  const record: ComputeRecord = {
    ...stamp(context.clock, request.get('caller'), known),
    name: known?.name ?? name,
    provisioningState: known ? 'Updating' : 'Creating',
    ...wanted,
  };
  const url = await begin.settle({ name: record.name }, () => void computes.put(keyOf(name), record));
  return request.json(showCompute(context, record), known ? 200 : 201, operationHeaders(url));
}

async function patchCompute(
  { context, computes, begin }: ComputeCalls,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const known = find(computes, context, name);
  const { properties } = await readBody(request);
  const inner = isObject(properties) && isObject(properties.properties) ? properties.properties : properties;
  const scale = isObject(inner) && isObject(inner.scaleSettings) ? inner.scaleSettings : undefined;
  if (known.computeType !== 'AmlCompute' || scale === undefined)
    throw userError('Only the scaleSettings of an AmlCompute can be changed.');
  const current = isObject(known.properties.scaleSettings) ? known.properties.scaleSettings : {};
  const record: ComputeRecord = {
    ...known,
    ...stamp(context.clock, request.get('caller'), known),
    provisioningState: 'Updating',
    properties: { ...known.properties, scaleSettings: readScale({ ...current, ...scale }) },
  };
  const url = await begin.settle({ name: record.name }, () => void computes.put(keyOf(name), record));
  return request.json(showCompute(context, record), 200, operationHeaders(url));
}

async function deleteCompute(
  { computes, begin }: ComputeCalls,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const action = request.req.query('underlyingResourceAction')?.toLowerCase();
  if (action !== 'delete' && action !== 'detach') {
    throw userError(
      "The query parameter 'underlyingResourceAction' is required and must be Delete or Detach.",
    );
  }
  const known = computes.get(keyOf(name));
  if (known === undefined) return request.body(null, 204);
  const url = await begin.delete(
    { name: known.name },
    () => void computes.put(keyOf(name), { ...known, provisioningState: 'Deleting' }),
  );
  return request.body(null, 202, operationHeaders(url));
}

function showNodes(context: WorkspaceContext, record: ComputeRecord): Json[] {
  if (record.computeType !== 'AmlCompute') return [];
  return nodesIn(context, record).map(({ id, state, runId }) => ({
    nodeId: id,
    nodeState: state,
    privateIpAddress: '127.0.0.1',
    publicIpAddress: null,
    port: null,
    runId: runId ?? null,
  }));
}

/** What happens to a compute behind its operations; here it is over at once, unless a fault says otherwise. */
function computeOperations(context: WorkspaceContext, computes: Computes) {
  const { operations } = context;
  return {
    settle: operations.task<{ name: string }>({
      name: 'compute.settle',
      kind: 'compute',
      work: async ({ name }) => {
        await change(computes, name, (known) => ({ ...known, provisioningState: 'Succeeded' }));
        nodesOf(context).changed(name);
      },
    }),
    /** A stopped instance keeps jobs waiting until it is started again. */
    run: operations.task<{ name: string; state: 'Running' | 'Stopped' }>({
      name: 'compute.run',
      kind: 'computeinstance',
      work: async ({ name, state }) => {
        await change(computes, name, (known) => ({ ...known, properties: { ...known.properties, state } }));
        nodesOf(context).changed(name);
      },
    }),
    delete: operations.task<{ name: string }>({
      name: 'compute.delete',
      kind: 'computedelete',
      work: async ({ name }) => {
        await computes.delete(keyOf(name));
        nodesOf(context).changed(name);
      },
    }),
  };
}

interface ComputeCalls {
  readonly context: WorkspaceContext;
  readonly computes: Computes;
  readonly begin: ReturnType<typeof computeOperations>;
}

async function change(
  computes: Computes,
  name: string,
  how: (known: ComputeRecord) => ComputeRecord,
): Promise<void> {
  await computes.update(keyOf(name), (known) => (known === undefined ? undefined : how(known)));
}

function find(computes: Computes, { identity }: WorkspaceContext, name: string): ComputeRecord {
  const record = computes.get(keyOf(name));
  if (record) return record;
  throw failure(
    404,
    'ResourceNotFound',
    `The resource '${TYPE.replace('/computes', `/${identity.workspaceName}/computes`)}/${name}' under resource group '${identity.resourceGroup}' was not found.`,
  );
}

function computesOf(context: WorkspaceContext): Computes {
  return context.store.collection<ComputeRecord>('computes');
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
