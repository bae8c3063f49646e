import type { Context } from 'hono';
import type { WorkspaceEnv } from '../../context.ts';
import type { StoredEndpoint } from './documents.ts';
import { normalName } from './names.ts';

/** The filters of a list of endpoints: `name`, `computeType`, and `tags` and `properties` as `key` or `key=value`, comma-separated. */
export function matchesEndpoint(request: Context<WorkspaceEnv>): (endpoint: StoredEndpoint) => boolean {
  const { name, computeType, tags, properties } = request.req.query();
  return (endpoint) =>
    (!name || endpoint.name === normalName(name)) &&
    (!computeType || kindOf(endpoint).toLowerCase() === computeType.toLowerCase()) &&
    holds(endpoint.tags, tags) &&
    holds(endpoint.properties, properties);
}

function kindOf(endpoint: StoredEndpoint): string {
  return endpoint.compute === undefined ? 'Managed' : 'Kubernetes';
}

function holds(values: Readonly<Record<string, string>>, wanted: string | undefined): boolean {
  if (!wanted) return true;
  return wanted.split(',').every((entry) => {
    const [key = '', value] = entry.split('=', 2);
    return value === undefined ? key in values : values[key] === value;
  });
}
