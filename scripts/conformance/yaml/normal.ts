import { createHash } from 'node:crypto';
import { sortedJson } from './json.ts';
import type { Request } from './outcome.ts';
import { ofAnyApiVersion } from './apiVersions.ts';

/** What was sent, in a form in which both sides can be compared: generated names replaced by what they stand for. */
export interface Normal {
  readonly path: string;
  readonly body: unknown;
  /** Bodies of the assets that were created on the way, by their paths. */
  readonly assets: ReadonlyMap<string, unknown>;
  readonly blobs: readonly string[];
}

interface Put {
  readonly path: string;
  readonly body: unknown;
}

export function normal(sent: readonly Request[]): Normal {
  const puts = sent.flatMap(({ method, path, body }) =>
    method === 'PUT' && path !== undefined && body ? [{ path, body: ofAnyApiVersion(body) }] : [],
  );
  const names = generatedNames(puts);
  const named = puts.map(({ path, body }) => ({ path: renamed(path, names), body: rename(body, names) }));
  const last = named.at(-1) ?? { path: '', body: undefined };
  const blobs = sent.flatMap(({ method, blob }) => (method === 'PUT' && blob !== undefined ? [blob] : []));
  return {
    ...last,
    assets: new Map(inOrder(named.slice(0, -1)).map(({ path, body }) => [path, body])),
    blobs: [...new Set(blobs)].sort(),
  };
}

/** Folders with the same bytes are one code here, and which of them is sent last is chance. */
function inOrder(puts: readonly Put[]): Put[] {
  const keyed = puts.map((put) => ({ put, key: sortedJson(put.body) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ put }) => put);
}

/** Code has a random name, and what contains it is named after that: both are named after their content here. */
function generatedNames(puts: readonly Put[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { path, body } of puts) {
    const code = /^\/codes\/([^/]+)\/versions\//.exec(path)?.[1];
    const component = /^\/components\/azureml_anonymous\/versions\/([\da-f]{8}-[\da-f-]{27})$/.exec(
      path,
    )?.[1];
    if (code) names.set(code, `code-${hashOfCode(body)}`);
    if (component) names.set(component, `component-${digest(sortedJson(rename(body, names)))}`);
  }
  return names;
}

function hashOfCode(body: unknown): string {
  return /"hash_sha256":"([^"]+)"/.exec(sortedJson(body))?.[1] ?? digest(sortedJson(body));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function rename(body: unknown, names: ReadonlyMap<string, string>): unknown {
  return withoutDependentHash(JSON.parse(renamed(JSON.stringify(body), names)));
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce((done, [from, to]) => done.replaceAll(from, to), text);
}

/** The hash of a component that has code depends on the random name of the code. */
function withoutDependentHash(body: unknown): unknown {
  if (!/code-|component-/.test(JSON.stringify(body))) return body;
  return JSON.parse(JSON.stringify(body), (key, value: unknown) =>
    key === 'client_component_hash' ? undefined : value,
  );
}
