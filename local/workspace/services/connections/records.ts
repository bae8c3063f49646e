import { workspaceId, type WorkspaceContext } from '../../context.ts';
import { CATEGORIES } from '../../rules/connections.ts';
import type { Json } from '../../server/bodies.ts';
import { systemData, type Stamps } from '../../server/stamps.ts';

/** A connection to something outside the workspace, with its secrets apart: only `listsecrets` shows them. */
export interface ConnectionRecord extends Stamps {
  readonly name: string;
  readonly properties: Json;
  /** undefined where nothing is needed to sign in. */
  readonly credentials?: Json;
}

/** The resource, without its secrets. */
export function showConnection(context: WorkspaceContext, record: ConnectionRecord): object {
  return resource(context, record, null);
}

/** The resource with its secrets. */
export function showSecrets(context: WorkspaceContext, record: ConnectionRecord): object {
  return resource(context, record, record.credentials ?? null);
}

function resource(
  { identity }: WorkspaceContext,
  record: ConnectionRecord,
  credentials: Json | null,
): object {
  const { name, properties } = record;
  const hasCredentials = !/^(?:AAD|None)$/i.test(String(properties.authType));
  return {
    id: `${workspaceId(identity)}/connections/${name}`,
    name,
    type: 'Microsoft.MachineLearningServices/workspaces/connections',
    properties: {
      ...properties,
      ...(hasCredentials ? { credentials } : {}),
      group: groupOf(String(properties.category)),
      createdByWorkspaceArmId: workspaceId(identity),
    },
    systemData: systemData(record),
  };
}

function groupOf(category: string): string {
  const wanted = category.toLowerCase();
  const found = Object.entries(CATEGORIES).find(([, all]) => all.some((one) => one.toLowerCase() === wanted));
  return found?.[0] ?? 'Azure';
}
