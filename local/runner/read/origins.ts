import { asText, isList, isMap, type Value } from '../expressions/index.ts';
import type { Place } from '../plan.ts';
import { scalarOf, type Node } from './node.ts';

/** Turns YAML into values for expressions and back, and remembers where each value was written. */
export class Origins {
  private readonly nodes = new WeakMap<object, Node>();

  /** The value of a part without expressions. Scalars are text, whatever they look like. */
  valueOf(node: Node): Value {
    if (node.kind === 'scalar') return node.text;
    const value =
      node.kind === 'list'
        ? node.items.map((item) => this.valueOf(item))
        : new Map(node.entries.map(({ key, value: of }) => [key.text, this.valueOf(of)]));
    this.nodes.set(value, node);
    return value;
  }

  /** The part a value came from, or a new one that stands at `place`. */
  nodeOf(value: Value, place: Place): Node {
    if (isList(value)) {
      return (
        this.nodes.get(value) ?? { kind: 'list', place, items: value.map((item) => this.nodeOf(item, place)) }
      );
    }
    if (!isMap(value)) return scalarOf({ text: asText(value) ?? '', place });
    const entries = [...value].map(([key, of]) => ({
      key: scalarOf({ text: key, place }),
      value: this.nodeOf(of, place),
    }));
    return this.nodes.get(value) ?? { kind: 'map', place, entries };
  }
}
