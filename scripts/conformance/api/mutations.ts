import type { Json } from './bodies.ts';
import type { Members, Node } from './schema.ts';

/** A body that the schema refuses, and why. */
export interface Mutation {
  readonly why: string;
  readonly body: Json;
}

/** Every way in which one value of this body can be wrong by the schema: missing, of another type, not one of the words. */
export function mutationsOf(members: Members, body: Json): readonly Mutation[] {
  return [...inMembers(members, body, '')].map(({ why, change }) => ({
    why,
    body: change(structuredClone(body)) as Json,
  }));
}

interface Change {
  readonly why: string;
  readonly change: (value: unknown) => unknown;
}

function* inMembers(members: Members, value: Json, place: string): Generator<Change> {
  for (const [name, { required, node }] of Object.entries(members)) {
    const path = place === '' ? name : `${place}.${name}`;
    if (required) yield { why: `without ${path}`, change: (whole) => without(whole as Json, name) };
    if (!(name in value)) continue;
    for (const { why, change } of inNode(node(), value[name], path))
      yield { why, change: (whole) => ({ ...(whole as Json), [name]: change((whole as Json)[name]) }) };
  }
}

function* inNode(node: Node, value: unknown, path: string): Generator<Change> {
  const wrong = wrongFor(node);
  if (wrong !== undefined) yield { why: `${path} is ${JSON.stringify(wrong)}`, change: () => wrong };
  switch (node.kind) {
    case 'text':
      if (node.words) yield { why: `${path} is no such word`, change: () => 'no-such-word' };
      if (node.least > 0) yield { why: `${path} is empty`, change: () => '' };
      return;
    case 'list':
      if (Array.isArray(value) && value.length > 0)
        for (const { why, change } of inNode(node.item(), value[0], `${path}[]`))
          yield { why, change: (list) => [change((list as unknown[])[0])] };
      return;
    case 'map':
      yield* inEntry(node, value as Json, path);
      return;
    case 'object':
      yield* inMembers(node.members, value as Json, path);
      return;
    case 'choice':
      yield* inChoice(node, value as Json, path);
      return;
    default:
  }
}

function* inEntry(node: Extract<Node, { kind: 'map' }>, value: Json, path: string): Generator<Change> {
  const [key] = Object.keys(value);
  if (key === undefined) return;
  for (const { why, change } of inNode(node.value(), value[key], `${path}.${key}`))
    yield { why, change: (map) => ({ ...(map as Json), [key]: change((map as Json)[key]) }) };
}

function* inChoice(node: Extract<Node, { kind: 'choice' }>, value: Json, path: string): Generator<Change> {
  const kind = node.kinds[String(value[node.discriminator])]?.();
  const members = { ...node.base, ...(kind?.kind === 'object' ? kind.members : {}) };
  yield* inMembers(members, value, path);
  if (kind?.kind === 'choice') yield* inChoice(kind, value, path);
}

function wrongFor(node: Node): unknown {
  switch (node.kind) {
    case 'any':
      return undefined;
    case 'text':
      return [7];
    case 'number':
      return 'many';
    case 'flag':
      return 'perhaps';
    case 'list':
    case 'map':
    case 'object':
    case 'choice':
      return 'text';
  }
}

function without(value: Json, name: string): Json {
  const { [name]: _gone, ...rest } = value;
  return rest;
}
