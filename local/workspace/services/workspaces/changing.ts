import type { Caller, WorkspaceContext } from '../../context.ts';
import { defined, isObject, type Json } from '../../server/bodies.ts';
import { checkShape } from '../../rules/shape.ts';
import { workspacePatch } from '../../rules/workspaces.ts';
import { userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import { detailsOf, keepDetails } from './details.ts';

/** The members of Azure's update; those that concern a cloud are kept and shown, and change nothing on this machine. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'allowRoleAssignmentOnRG',
  'applicationInsights',
  'containerRegistry',
  'description',
  'enableDataIsolation',
  'encryption',
  'featureStoreSettings',
  'friendlyName',
  'imageBuildCompute',
  'managedNetwork',
  'networkAcls',
  'primaryUserAssignedIdentity',
  'publicNetworkAccess',
  'serverlessComputeSettings',
  'serviceManagedResourcesSettings',
  'softDeleteRetentionInDays',
  'systemDatastoresAuthMode',
  'v1LegacyMode',
]);

/** Changes what a workspace says of itself. This machine reaches it whatever it says of its network. */
export async function changeWorkspace(
  context: WorkspaceContext,
  body: Json,
  caller: Pick<Caller, 'name'>,
): Promise<void> {
  checkShape(workspacePatch, body);
  const { properties, tags, identity, sku } = body;
  const changes = defined(isObject(properties) ? properties : {});
  const fixed = Object.keys(changes).find((name) => !CHANGEABLE.has(name));
  if (fixed !== undefined)
    throw userError(`'properties.${fixed}' is decided when a workspace is made, and cannot be changed.`);
  const details = detailsOf(context);
  await keepDetails(context, {
    ...details,
    ...(isObject(tags) ? { tags } : {}),
    ...(isObject(identity) ? { identity } : {}),
    ...(isObject(sku) ? { sku } : {}),
    properties: { ...details.properties, ...changes },
    stamps: stamp(context.clock, caller, details.stamps),
  });
}
