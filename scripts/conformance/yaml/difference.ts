import { isMap, sortedJson, type JsonMap } from './json.ts';
import type { Normal } from './normal.ts';

/** One place where the two sides differ. */
export interface Difference {
  readonly path: string;
  readonly reference: unknown;
  readonly ours: unknown;
}

export function differences(reference: Normal, ours: Normal): Difference[] {
  return [
    ...pathDifference(reference.path, ours.path),
    ...between(withoutChosenNames(reference.body, ours.body), ours.body, ''),
    ...assetDifferences(reference.assets, ours.assets),
    ...between(reference.blobs, ours.blobs, 'uploads'),
  ];
}

/** What ours leaves to its caller stands in braces and fits anything. */
function pathDifference(reference: string, ours: string): Difference[] {
  const theirs = reference.split('/');
  const parts = ours.split('/');
  const fits =
    theirs.length === parts.length &&
    parts.every((part, index) => part.startsWith('{') || part === theirs[index]);
  return fits ? [] : [{ path: '(address)', reference, ours }];
}

/** A job without a display name is given its random name, and one without an experiment that of the folder. */
function withoutChosenNames(reference: unknown, ours: unknown): unknown {
  const theirs = propertiesOf(reference);
  const properties = propertiesOf(ours);
  if (!isMap(reference) || !theirs || !properties || !('jobType' in theirs)) return reference;
  const left = ['displayName', 'experimentName'].filter((key) => !(key in properties));
  const kept = Object.entries(theirs).filter(([key]) => !left.includes(key));
  return { ...reference, properties: Object.fromEntries(kept) };
}

function propertiesOf(body: unknown): JsonMap | undefined {
  return isMap(body) && isMap(body['properties']) ? body['properties'] : undefined;
}

/** Assets of the same address are compared; what is left over is paired with what is likest. */
function assetDifferences(
  reference: ReadonlyMap<string, unknown>,
  ours: ReadonlyMap<string, unknown>,
): Difference[] {
  const both = [...reference.keys()].filter((path) => ours.has(path));
  const same = both.flatMap((path) => between(reference.get(path), ours.get(path), path));
  const theirs = [...reference].filter(([path]) => !ours.has(path));
  const left = [...ours].filter(([path]) => !reference.has(path));
  return [...same, ...paired(theirs, left)];
}

type Asset = readonly [path: string, body: unknown];

function paired(theirs: readonly Asset[], ours: readonly Asset[]): Difference[] {
  const free = [...ours];
  const found = theirs.flatMap(([path, body]) => {
    const index = free.findIndex(([other]) => collectionOf(other) === collectionOf(path));
    const [match] = index < 0 ? [] : free.splice(index, 1);
    const inside = match ? between(body, match[1], collectionOf(path)) : [];
    return inside.length > 0 ? inside : [{ path: '(asset)', reference: path, ours: match?.[0] }];
  });
  return [...found, ...free.map(([path]) => ({ path: '(asset)', reference: undefined, ours: path }))];
}

function collectionOf(path: string): string {
  return path.replace(/\/versions\/.*$/, '').replace(/^\/(models)\/.*/, '/$1');
}

function between(reference: unknown, ours: unknown, path: string): Difference[] {
  if (sortedJson(reference) === sortedJson(ours)) return [];
  if (isMap(reference) && isMap(ours)) {
    const keys = [...new Set([...Object.keys(reference), ...Object.keys(ours)])];
    return keys.flatMap((key) => between(reference[key], ours[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(reference) && Array.isArray(ours) && reference.length === ours.length)
    return reference.flatMap((item: unknown, index) => between(item, ours[index], `${path}[${index}]`));
  return [{ path, reference, ours }];
}
