import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { WorkspaceContext, WorkspaceEnv } from '../../context.ts';
import { registriesBody, registryPatch } from '../../rules/registries.ts';
import { checkShape } from '../../rules/shape.ts';
import { defined, isObject, readBody, type Json } from '../../server/bodies.ts';
import { failure, userError } from '../../server/failures.ts';
import { operationHeaders } from '../../server/operations.ts';
import { pageOf } from '../../server/paging.ts';
import { registryPath } from '../../server/paths.ts';
import { stamp, type Stamps } from '../../server/stamps.ts';
import { answerAccepted, answerPut } from '../onlineEndpoints/operationAnswers.ts';
import { emptied } from './contents.ts';
import { findRegistry, registriesIn, registryNamed, type RegistryRecord } from './records.ts';
import { discoveryOf, showRegistry } from './show.ts';

/** The published rule for names of registries. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-_]{2,32}$/;

/** Registries themselves: get, list, create, change and delete. */
export function registriesRoutes(context: WorkspaceContext): Hono<WorkspaceEnv> {
  const app = new Hono<WorkspaceEnv>();
  const registries = registriesIn(context);
  const begin = context.operations.task<null>({
    name: 'registry',
    kind: 'reg',
    work: () => Promise.resolve(),
  });
  const beginDelete = context.operations.task<string>({
    name: 'registryDelete',
    kind: 'reg',
    work: (registryId) => emptied(context, registryId),
  });
  for (const path of [
    '/subscriptions/:subscriptionId/resourceGroups/:resourceGroupName/providers/Microsoft.MachineLearningServices/registries',
    '/subscriptions/:subscriptionId/providers/Microsoft.MachineLearningServices/registries',
  ] as const)
    app.get(path, (request) =>
      request.json(
        pageOf(
          request,
          context,
          (after) => registries.list(after === undefined ? {} : { after }),
          (record) => showRegistry(context, record),
        ),
      ),
    );
  app.get(registryPath, (request) =>
    request.json(showRegistry(context, registryNamed(context, request.req.param('registryName')))),
  );
  app.put(registryPath, async (request) => {
    const name = checkName(request.req.param('registryName'));
    const body = await readBody(request);
    checkShape(registriesBody, body);
    const known = findRegistry(context, name);
    const record = {
      ...stamp(context.clock, request.get('caller'), known),
      ...readRegistry(body, name, known),
    };
    const statusUrl = await begin(null, () => void registries.put(name.toLowerCase(), record));
    return answerPut(request, { created: known === undefined, statusUrl }, showRegistry(context, record));
  });
  app.patch(registryPath, async (request) => {
    const known = registryNamed(context, request.req.param('registryName'));
    const body = await readBody(request);
    checkShape(registryPatch, body);
    const { tags, identity, sku } = { ...known, ...defined(body) };
    const record = { ...known, ...stamp(context.clock, request.get('caller'), known), tags, identity, sku };
    await registries.put(known.name.toLowerCase(), record);
    return request.json(showRegistry(context, record));
  });
  app.delete(registryPath, async (request) => {
    const known = findRegistry(context, request.req.param('registryName'));
    if (known === undefined) return request.body(null, 204);
    const statusUrl = await beginDelete(
      known.registryId,
      () => void registries.delete(known.name.toLowerCase()),
    );
    return answerAccepted(request, statusUrl);
  });
  app.post(`${registryPath}/removeRegions`, () => {
    throw failure(
      501,
      'NotSupported',
      'A registry of the embedded workspace is on one machine: it has no regions to remove. Delete the registry instead.',
      'unsupported',
    );
  });
  app.get('/registrymanagement/v1.0/registries/:registryName/discovery', (request) =>
    request.json(discoveryOf(context, registryNamed(context, request.req.param('registryName')))),
  );
  return app;
}

/** Headers of a registry's answer to a written asset, whose bytes are in place when it is answered. */
export function assetWritten(context: WorkspaceContext): () => Promise<Record<string, string>> {
  const begin = context.operations.task<null>({
    name: 'registryAsset',
    kind: 'ra',
    work: () => Promise.resolve(),
  });
  return async () => {
    const { location: _, ...headers } = operationHeaders(await begin(null));
    return headers;
  };
}

function readRegistry(
  body: Json,
  name: string,
  known: RegistryRecord | undefined,
): Omit<RegistryRecord, keyof Stamps> {
  const properties = isObject(body.properties) ? body.properties : {};
  const location = String(body.location);
  return {
    name: known?.name ?? name,
    registryId: known?.registryId ?? randomUUID(),
    location,
    tags: objectOr(body.tags, {}),
    identity: objectOr(body.identity, { type: 'SystemAssigned' }),
    sku: objectOr(body.sku, { name: 'Basic', tier: 'Basic' }),
    ...(typeof body.kind === 'string' ? { kind: body.kind } : {}),
    properties: {
      publicNetworkAccess: 'Enabled',
      ...properties,
      regionDetails: regionsOf(properties, location),
    },
  };
}

function regionsOf({ regionDetails }: Json, location: string): readonly unknown[] {
  const regions = Array.isArray(regionDetails) ? regionDetails : [];
  return regions.length > 0 ? regions : [{ location }];
}

function objectOr(value: unknown, otherwise: Json): Json {
  return isObject(value) ? value : otherwise;
}

function checkName(name: string): string {
  if (!NAME.test(name))
    throw userError(
      `The registry name '${name}' is not valid. It has 3 to 33 letters, digits, dashes and underscores, and starts with a letter or digit.`,
    );
  if (/^azureml/i.test(name))
    throw userError(`The registry name '${name}' is reserved; names may not start with azureml.`);
  return name;
}
