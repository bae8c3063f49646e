import type { Context } from 'hono';
import type { WorkspaceEnv } from '../../context.ts';
import { isObject, type Json } from '../../server/bodies.ts';
import { userError } from '../../server/failures.ts';
import type { AssetStore } from './assetStore.ts';
import type { VersionRecord } from './records.ts';

type Query = (name: string) => string | undefined;
type Entries = (after: string | undefined) => Iterable<readonly [string, VersionRecord]>;

/** The versions of one name in the order `$orderBy` asks for; newest first without it. */
export function orderedVersions(assets: AssetStore, name: string, query: Query): Entries {
  const [field = 'createdtime', direction = 'desc'] = (query('$orderBy') ?? 'createdtime desc')
    .toLowerCase()
    .trim()
    .split(/\s+/);
  if (direction !== 'asc' && direction !== 'desc') throw cannotOrder(`${field} ${direction}`);
  switch (field) {
    case 'createdtime':
    case 'createdat':
      return (after) => assets.versions(name, { after, newestFirst: direction === 'desc' });
    case 'updatedtime':
    case 'modifiedtime':
      return (after) => byChange(assets, name, direction === 'desc', after);
    default:
      throw cannotOrder(field);
  }
}

/** The whole list is sorted for each page: this order is rare, and changes between pages would be seen twice otherwise. */
function byChange(
  assets: AssetStore,
  name: string,
  newestFirst: boolean,
  after: string | undefined,
): Iterable<readonly [string, VersionRecord]> {
  const all = [...assets.versions(name)].map(
    ([key, record]) => [`${record.modifiedAt} ${key}`, record] as const,
  );
  all.sort(([one], [other]) => (one < other ? -1 : 1) * (newestFirst ? -1 : 1));
  const start = after === undefined ? 0 : all.findIndex(([key]) => (newestFirst ? key < after : key > after));
  return start < 0 ? [] : all.slice(start);
}

/** Whether a version is in a list with these filters. */
export function isListed(properties: Json, version: string | undefined, query: Query): boolean {
  const [wantedVersion, description, stage] = [query('version'), query('description'), query('stage')];
  return (
    isInView(properties, query('listViewType')) &&
    (wantedVersion === undefined || version === undefined || version === wantedVersion) &&
    (description === undefined || String(properties.description ?? '').includes(description)) &&
    (stage === undefined || properties.stage === stage) &&
    hasAll(properties.tags, query('tags') ?? query('$tags')) &&
    hasAll(properties.properties, query('properties'))
  );
}

function isInView(properties: Json, view: string | undefined): boolean {
  const isArchived = properties.isArchived === true;
  // azure-ai-ml 1.35 sends its own name of the choice to registries: `ListViewType.ACTIVE_ONLY`.
  switch (
    view
      ?.toLowerCase()
      .replace(/^listviewtype\./, '')
      .replace('_', '')
  ) {
    case undefined:
    case '':
    case 'activeonly':
      return !isArchived;
    case 'archivedonly':
      return isArchived;
    case 'all':
      return true;
    default:
      throw userError(`The listViewType '${view}' is not one of ActiveOnly, ArchivedOnly, All.`);
  }
}

/** `key` asks that a tag is there, `key=value` what it is; several, separated by commas, must all hold. */
function hasAll(map: unknown, wanted: string | undefined): boolean {
  if (!wanted) return true;
  const known = isObject(map) ? map : {};
  return wanted.split(',').every((part) => {
    const [key = '', ...value] = part.split('=');
    return value.length === 0 ? key in known : known[key] === value.join('=');
  });
}

function cannotOrder(what: string): Error {
  return userError(
    `The list cannot be ordered by '${what}'. Use 'createdtime' or 'updatedtime' with 'asc' or 'desc'.`,
  );
}

/** The query of a request as a function from names to values. */
export function queryOf(request: Context<WorkspaceEnv>): Query {
  return (name) => request.req.query(name);
}
