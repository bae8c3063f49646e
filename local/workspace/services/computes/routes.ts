import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import type { Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import { operationHeaders } from '../../server/operations.ts';
import { pageOf } from '../../server/paging.ts';
import { workspacePath } from '../../server/paths.ts';
import { computesOf, find } from './find.ts';
import { computeOperations } from './operations.ts';
import type { ComputeRecord } from './records.ts';
import { nodesIn, showCompute } from './show.ts';
import { deleteCompute, patchCompute, putCompute, resizeCompute, signOn } from './writes.ts';

const path = `${workspacePath}/computes` as const;

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
  app.post(`${path}/:name/resize`, (request) =>
    resizeCompute({ context, computes, begin }, request, request.req.param('name')),
  );
  app.post(`${path}/:name/enableSso`, (request) =>
    signOn({ context, computes }, request, request.req.param('name')),
  );
  app.post(`${path}/:name/listKeys`, (request) => {
    find(computes, context, request.req.param('name'));
    throw userError('The embedded workspace has no computes with keys: clusters that it would only attach.');
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
