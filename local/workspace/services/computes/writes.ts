import type { Context } from 'hono';
import type { WorkspaceEnv } from '../../context.ts';
import { computesBody } from '../../rules/computes.ts';
import { checkShape } from '../../rules/shape.ts';
import { isObject, Members, readBody } from '../../server/bodies.ts';
import { conflict, userError } from '../../server/failures.ts';
import { operationHeaders } from '../../server/operations.ts';
import { stamp } from '../../server/stamps.ts';
import { find, keyOf } from './find.ts';
import type { ComputeCalls } from './operations.ts';
import { showCompute } from './show.ts';
import { checkComputeName, readCompute, readScale, type ComputeRecord } from './records.ts';

/** Makes or replaces a compute; its type stays. */
export async function putCompute(
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

/** Changes how a cluster scales. */
export async function patchCompute(
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

/** Gives an instance another size. */
export async function resizeCompute(
  { context, computes, begin }: ComputeCalls,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const known = find(computes, context, name);
  const members = new Members(await readBody(request), 'body');
  const vmSize = members.needed('targetVMSize', members.text('targetVMSize'));
  if (known.computeType !== 'ComputeInstance')
    throw userError(`Only a compute instance has one size; '${known.name}' is a ${known.computeType}.`);
  const record: ComputeRecord = {
    ...known,
    ...stamp(context.clock, request.get('caller'), known),
    provisioningState: 'Updating',
    properties: { ...known.properties, vmSize },
  };
  const url = await begin.settle({ name: known.name }, () => void computes.put(keyOf(name), record));
  return request.body(null, 202, operationHeaders(url));
}

/** Whether an instance takes its user's sign-in for its applications. */
export async function signOn(
  { context, computes }: Pick<ComputeCalls, 'context' | 'computes'>,
  request: Context<WorkspaceEnv>,
  name: string,
): Promise<Response> {
  const known = find(computes, context, name);
  const members = new Members(await readBody(request), 'body');
  const enableSSO = members.needed('enableSSO', members.flag('enableSSO'));
  if (known.computeType !== 'ComputeInstance')
    throw userError(`Only a compute instance has single sign-on; '${known.name}' is a ${known.computeType}.`);
  const stamps = stamp(context.clock, request.get('caller'), known);
  await computes.put(keyOf(name), { ...known, ...stamps, properties: { ...known.properties, enableSSO } });
  return request.body(null, 200);
}

/** Takes a compute away; the service wants to be told what becomes of the machines. */
export async function deleteCompute(
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
