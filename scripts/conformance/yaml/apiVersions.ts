import { isMap, type JsonMap } from './json.ts';

/*
 * The reference client sends each resource with an api-version of its own, often a preview; ours sends all with one
 * stable one. Where the two spell the same thing differently, both are brought into one form here; docs/yaml-files.md
 * lists these.
 */

/** Words that the older api-versions write in small letters and the newer ones do not. */
const WORDS = new Set(['enabled', 'disabled', 'hour', 'minimize', 'maximize', 'windows', 'linux', 'sobol']);

export function ofAnyApiVersion(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => {
    if (key === 'hash_version') return String(value);
    if (key === 'environmentVariables' && isMap(value)) return texts(value);
    return typeof value === 'string' && WORDS.has(value)
      ? value.charAt(0).toUpperCase() + value.slice(1)
      : value;
  });
}

/** The API keeps variables as text; the reference client passes on numbers that were written without quotes. */
function texts(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, textOf(value)]));
}

function textOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : value;
}
