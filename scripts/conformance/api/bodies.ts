import type { Members, Node } from './schema.ts';

export type Json = Record<string, unknown>;

/** Leaves a member out. */
export const LEFT_OUT = Symbol('left out');

/** Says what a member must hold where any text would not do, such as a reference; undefined: anything the schema allows. */
export type Hint = (path: string) => unknown;

export interface Sampling {
  readonly hint: Hint;
  /** Which kind is taken of every choice: the same number gives the same body. */
  readonly round: number;
  /** Whether an optional member is there. */
  readonly has: (path: string) => boolean;
}

/** A body that the schema allows. */
export function sampleBody(members: Members, sampling: Sampling): Json {
  return sampleMembers(members, '', sampling);
}

/** How many rounds show every kind of every choice at least once. */
export function roundsOf(members: Members): number {
  return Math.max(1, ...Object.values(members).map(({ node }) => roundsIn(node(), 0)));
}

const DEEPEST = 8;

function roundsIn(node: Node, depth: number): number {
  if (depth > DEEPEST) return 1;
  switch (node.kind) {
    case 'list':
      return roundsIn(node.item(), depth + 1);
    case 'map':
      return roundsIn(node.value(), depth + 1);
    case 'object':
      return Math.max(1, ...Object.values(node.members).map((member) => roundsIn(member.node(), depth + 1)));
    case 'choice':
      return Math.max(
        Object.keys(node.kinds).length,
        ...Object.values(node.kinds).map((kind) => roundsIn(kind(), depth + 1)),
      );
    default:
      return 1;
  }
}

function sampleMembers(members: Members, place: string, sampling: Sampling): Json {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, { required, node }]) => {
      const path = place === '' ? name : `${place}.${name}`;
      const hinted = sampling.hint(path);
      if (hinted === LEFT_OUT || (!required && !sampling.has(path))) return [];
      return [[name, hinted ?? sampleNode(node(), path, sampling)]];
    }),
  );
}

function sampleNode(node: Node, path: string, sampling: Sampling): unknown {
  switch (node.kind) {
    case 'text':
      return textFor(node, path);
    case 'number':
      return 1;
    case 'flag':
      return true;
    case 'any':
      return {};
    case 'list':
      return [sampleNode(node.item(), `${path}[]`, sampling)];
    case 'map':
      return { key: sampling.hint(`${path}.key`) ?? sampleNode(node.value(), `${path}.key`, sampling) };
    case 'object':
      return sampleMembers(node.members, path, sampling);
    case 'choice':
      return sampleChoice(node, path, sampling);
  }
}

function sampleChoice(node: Extract<Node, { kind: 'choice' }>, path: string, sampling: Sampling): Json {
  const words = Object.keys(node.kinds);
  const hinted = sampling.hint(`${path}.${node.discriminator}`);
  const word = typeof hinted === 'string' ? hinted : words[sampling.round % words.length]!;
  const kind = node.kinds[word]!();
  const base = sampleMembers(node.base, path, sampling);
  return { ...base, ...(sampleNode(kind, path, sampling) as Json), [node.discriminator]: word };
}

function textFor({ words, pattern, least }: Extract<Node, { kind: 'text' }>, path: string): string {
  if (words) return words[0]!;
  if (
    /(timeout|duration|delay|period|interval|idleTime|frequency|wait|TimeBefore)/i.test(
      path.split('.').at(-1) ?? '',
    )
  )
    return 'PT1H';
  if (least === 36 || /[0-9a-f]{8}-/.test(pattern ?? '')) return '00000000-0000-4000-8000-000000000001';
  return 'text';
}
