import type { Place, Text } from '../plan.ts';

/** YAML as the pipeline reader sees it: every scalar is the text that was written, every part knows its place. */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** An empty value is empty text: Azure Pipelines has no null. */
  readonly text: string;
  readonly place: Place;
  /** Where each `${{` in the text stands. */
  readonly expressions: readonly Place[];
}

interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly place: Place;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly place: Place;
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: Node;
}

export function scalarOf(text: Text): ScalarNode {
  return { kind: 'scalar', text: text.text, place: text.place, expressions: [] };
}

/** A word for the kind of a node, for messages. */
export function wordFor(node: Node): string {
  if (node.kind === 'scalar') return node.text === '' ? 'nothing' : `'${shortened(node.text)}'`;
  return node.kind === 'list' ? 'a list' : 'a map';
}

export function shortened(text: string): string {
  const flat = text.trim().replace(/\s+/g, ' ');
  return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}
