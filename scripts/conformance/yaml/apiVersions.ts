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
    return typeof value === 'string' && WORDS.has(value)
      ? value.charAt(0).toUpperCase() + value.slice(1)
      : value;
  });
}
