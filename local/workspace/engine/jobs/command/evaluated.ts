import { writeFile } from 'node:fs/promises';
import { minimatch } from 'minimatch';
import path from 'node:path';
import { parse } from 'yaml';
import { Problem } from '../../../../../shared/problem/index.ts';
import { isRecord, textOf } from '../json.ts';
import { locate, type Location, type Places } from '../references/index.ts';

type Blob = Extract<Location, { kind: 'blob' }>;

/** Whether a mode asks for the files a table names, instead of the table's own folder. */
export function isEvaluated(type: string, mode: string | undefined): boolean {
  return type === 'mltable' && (mode?.toLowerCase().startsWith('eval') ?? false);
}

/** The mode in which a parallel step reads a table: the files that it names, and what makes a table of them. */
export const TABLE_MODE = 'EvalTable';
/** Where the driver of a parallel step looks for the latter, as JSON. */
const TRANSFORMATIONS = '.mltable.json';

/** Brings the files that an MLTable names, those beside it under their names there; returns how many. */
export async function bringEvaluated(
  name: string,
  table: Blob,
  { folder, mode }: { readonly folder: string; readonly mode: string | undefined },
  places: Places,
): Promise<number> {
  const root = table.path === '' || table.path.endsWith('/') ? table.path : `${table.path}/`;
  const base = { ...table, path: root };
  let count = 0;
  const { paths, transformations } = await readTable(name, base, places);
  if (mode === TABLE_MODE)
    await writeFile(path.join(folder, TRANSFORMATIONS), JSON.stringify(transformations));
  for (const entry of paths) {
    if (entry.kind === 'pattern') count += await bringMatching(entry.at, base, folder, places);
    else count += await bringOne(entry.at, base, folder, places);
  }
  return count;
}

interface TablePath {
  readonly kind: 'file' | 'folder' | 'pattern';
  readonly at: string;
}

interface Table {
  readonly paths: readonly TablePath[];
  readonly transformations: readonly unknown[];
}

async function readTable(name: string, base: Blob, { storage }: Places): Promise<Table> {
  const file = `${base.path}MLTable`;
  if (!(await storage.exists(base.container, file))) throw unreadable(name, 'there is no file MLTable in it');
  const content: unknown = parse((await storage.download(base.container, file)).toString('utf8'));
  const paths: unknown = isRecord(content) ? content['paths'] : undefined;
  if (!Array.isArray(paths)) throw unreadable(name, 'its MLTable has no list of paths');
  const transformations: unknown = isRecord(content) ? content['transformations'] : undefined;
  return {
    paths: paths.flatMap(pathsIn),
    transformations: Array.isArray(transformations) ? transformations : [],
  };
}

function pathsIn(entry: unknown): TablePath[] {
  if (!isRecord(entry)) return [];
  return (['file', 'folder', 'pattern'] as const).flatMap((kind) => {
    const at = textOf(entry[kind]);
    return at === undefined ? [] : [{ kind, at }];
  });
}

async function bringMatching(
  pattern: string,
  base: Blob,
  folder: string,
  { storage }: Places,
): Promise<number> {
  const wanted = pattern.replace(/^\.\//, '');
  let count = 0;
  for await (const blob of storage.list(base.container, base.path)) {
    const relative = blob.path.slice(base.path.length);
    if (!minimatch(relative, wanted)) continue;
    await storage.downloadFile(base.container, blob.path, inside(folder, relative));
    count += 1;
  }
  return count;
}

async function bringOne(at: string, base: Blob, folder: string, places: Places): Promise<number> {
  const isElsewhere = /^[a-z]+:\/\//i.test(at);
  const place = isElsewhere ? locate(at, places, 'data') : { ...base, path: path.posix.join(base.path, at) };
  if (place.kind !== 'blob') throw unreadable(at, 'it lies outside the storage of this workspace');
  // Under its whole path: two that have the same last word stay two.
  const relative = isElsewhere ? place.path : at;
  if (!place.path.endsWith('/') && (await places.storage.exists(place.container, place.path))) {
    await places.storage.downloadFile(place.container, place.path, inside(folder, relative));
    return 1;
  }
  const prefix = place.path.endsWith('/') ? place.path : `${place.path}/`;
  return places.storage.downloadPrefix(place.container, prefix, inside(folder, relative));
}

/** Names in a table never lead out of the job's folder. */
function inside(folder: string, relative: string): string {
  return path.join(folder, path.posix.join('/', relative));
}

function unreadable(name: string, why: string): Problem {
  return new Problem({
    code: 'input',
    message: `The table '${name}' cannot be evaluated: ${why}.`,
    next: 'Give a folder with an MLTable file whose paths lie in the workspace, or use the mode ro_mount.',
  });
}
