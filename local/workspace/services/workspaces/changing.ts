import type { Caller, WorkspaceContext } from '../../context.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { conflict, userError } from '../../server/failures.ts';
import { stamp } from '../../server/stamps.ts';
import { detailsOf, keepDetails } from './details.ts';

/** What may be changed; everything else is decided when a workspace is made. */
const CHANGEABLE = ['description', 'friendlyName', 'publicNetworkAccess'];

/** Changes what a workspace says of itself. This machine reaches it whatever it says of its network. */
export async function changeWorkspace(
  context: WorkspaceContext,
  body: Json,
  caller: Pick<Caller, 'name'>,
): Promise<void> {
  const { properties, tags, ...others } = body;
  const changes = isObject(properties) ? properties : {};
  const fixed = [...Object.keys(others), ...Object.keys(changes)].filter(
    (name) => !CHANGEABLE.includes(name),
  );
  if (fixed.length > 0)
    throw conflict(
      `'${fixed[0] ?? ''}' of a workspace cannot be changed here. ${CHANGEABLE.join(', ')} and tags can.`,
    );
  const access = changes.publicNetworkAccess;
  if (access !== undefined && access !== 'Enabled' && access !== 'Disabled')
    throw userError("'publicNetworkAccess' is either 'Enabled' or 'Disabled'.");
  const details = detailsOf(context);
  await keepDetails(context, {
    ...details,
    ...(isObject(tags) ? { tags } : {}),
    properties: { ...details.properties, ...changes },
    stamps: stamp(context.clock, caller, details.stamps),
  });
}
