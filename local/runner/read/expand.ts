import { asText, kindOf } from '../expressions/index.ts';
import type { Place, Text } from '../plan.ts';
import { Chain } from './chain.ts';
import { directiveIn, type Directive } from './directives.ts';
import type { Findings } from './findings.ts';
import { scalarOf, shortened, wordFor, type MapNode, type Node, type ScalarNode } from './node.ts';
import { Origins } from './origins.ts';
import { Scalars } from './scalars.ts';
import type { Bound, Scope } from './scope.ts';

export interface Entry {
  readonly key: Text;
  readonly value: Bound;
}

/** Parts an expansion may come to; templates and loops can multiply without end. */
const MOST_PARTS = 100_000;

/** Resolves `${{ }}` in values, keys, lists and maps, one level at a time. */
export class Expander {
  readonly origins = new Origins();
  private parts = 0;
  private readonly findings: Findings;
  private readonly scalars: Scalars;

  constructor(findings: Findings) {
    this.findings = findings;
    this.scalars = new Scalars(findings);
  }

  /** The part itself, or what it comes to when it is one `${{ }}` and nothing else. */
  resolve(bound: Bound): Bound {
    if (bound.expanded || bound.node.kind !== 'scalar') return bound;
    const value = this.scalars.valueOf(bound.node, bound.scope);
    return { ...bound, expanded: true, node: this.origins.nodeOf(value, bound.node.place) };
  }

  /** The text of a scalar; anything else is wrong. */
  text(bound: Bound, what: string): Text | undefined {
    const { node } = this.resolve(bound);
    if (node.kind === 'scalar') return { text: node.text, place: node.place };
    this.findings.wrong(node.place, `${what} must be text, not ${wordFor(node)}.`);
    return undefined;
  }

  /** The entries of a map with `${{ if }}`, `${{ each }}` and `${{ insert }}` resolved; keys appear once. */
  entries(bound: Bound, what: string): Entry[] {
    const { node, scope, expanded } = this.resolve(bound);
    if (node.kind === 'scalar' && node.text === '') return [];
    if (node.kind !== 'map') {
      this.findings.wrong(node.place, `${what} must be a map of keys and values, not ${wordFor(node)}.`);
      return [];
    }
    const all = expanded
      ? node.entries.map(({ key, value }) => ({ key, value: { node: value, scope, expanded } }))
      : this.ordered(node, scope);
    return this.unique(all);
  }

  /** The items of a list with directives resolved; lists put in by expressions become part of the list. */
  items(bound: Bound, what: string): Bound[] {
    const { node, scope, expanded } = this.resolve(bound);
    if (node.kind === 'scalar' && node.text === '') return [];
    if (node.kind !== 'list') {
      this.findings.wrong(node.place, `${what} must be a list, not ${wordFor(node)}.`);
      return [];
    }
    this.spend(node.items.length, node.place);
    if (expanded) return node.items.map((item) => ({ node: item, scope, expanded }));
    const chain = new Chain(this.scalars, this.findings);
    return node.items.flatMap((item) => this.itemsOf({ node: item, scope, expanded }, chain));
  }

  /** The part with every expression in it resolved. */
  deep(bound: Bound): Node {
    const part = this.resolve(bound);
    this.spend(1, part.node.place);
    if (part.expanded || part.node.kind === 'scalar') return part.node;
    const { place } = part.node;
    if (part.node.kind === 'list') {
      return { kind: 'list', place, items: this.items(part, 'The value').map((item) => this.deep(item)) };
    }
    const entries = this.entries(part, 'The value').map(({ key, value }) => ({
      key: scalarOf(key),
      value: this.deep(value),
    }));
    return { kind: 'map', place, entries };
  }

  spend(parts: number, place: Place): void {
    this.parts += parts;
    if (this.parts <= MOST_PARTS) return;
    this.findings.wrong(
      place,
      `The pipeline grows past ${MOST_PARTS} parts here.`,
      'Look for templates or loops that multiply.',
    );
    this.findings.throwAll();
  }

  private ordered(node: MapNode, scope: Scope): Entry[] {
    this.spend(node.entries.length, node.place);
    const chain = new Chain(this.scalars, this.findings);
    return node.entries.flatMap(({ key, value }) => {
      const directive = directiveIn(key.text);
      if (directive)
        return chain.scopes(directive, key, scope).flatMap((inner) => this.inserted(key, value, inner));
      chain.reset();
      return [
        {
          key: { text: this.keyText(key, scope), place: key.place },
          value: { node: value, scope, expanded: false },
        },
      ];
    });
  }

  private inserted(key: ScalarNode, value: Node, scope: Scope): Entry[] {
    return this.entries(
      { node: value, scope, expanded: false },
      `What stands under '${shortened(key.text)}'`,
    );
  }

  private keyText(key: ScalarNode, scope: Scope): string {
    const value = this.scalars.valueOf(key, scope);
    const text = asText(value);
    if (text === undefined) this.findings.wrong(key.place, `A key must be text, not ${kindOf(value)}.`);
    return text ?? '';
  }

  private unique(entries: readonly Entry[]): Entry[] {
    const first = new Map<string, Entry>();
    for (const entry of entries) {
      const before = first.get(entry.key.text);
      if (before)
        this.findings.wrong(
          entry.key.place,
          `'${entry.key.text}' is already given in line ${before.key.place.line}.`,
        );
      else first.set(entry.key.text, entry);
    }
    return [...first.values()];
  }

  private itemsOf(item: Bound, chain: Chain): Bound[] {
    if (item.node.kind === 'map' && isSplice(item.node)) return this.spliced(item.node, item.scope, chain);
    const choice = choiceIn(item.node);
    if (choice) {
      const scopes = chain.scopes(choice.directive, choice.key, item.scope);
      return scopes.map((scope) => ({ ...item, scope, node: choice.value }));
    }
    chain.reset();
    const part = this.resolve(item);
    if (part.node.kind === 'list' && part.expanded) return this.items(part, 'The value');
    const isEmptied = part.node.kind === 'map' && isMadeOfDirectives(part.node);
    return isEmptied && this.entries(part, 'The item').length === 0 ? [] : [part];
  }

  private spliced(node: MapNode, scope: Scope, chain: Chain): Bound[] {
    return node.entries.flatMap(({ key, value }) => {
      const directive = directiveIn(key.text);
      if (!directive) return [];
      const what = `What stands under '${shortened(key.text)}'`;
      return chain
        .scopes(directive, key, scope)
        .flatMap((inner) => this.items({ node: value, scope: inner, expanded: false }, what));
    });
  }
}

/** An item such as `- ${{ if x }}:` with a list below it: its items join the list around it. */
function isSplice(node: MapNode): boolean {
  return isMadeOfDirectives(node) && node.entries.every(({ value }) => value.kind !== 'map');
}

function isMadeOfDirectives(node: MapNode): boolean {
  return node.entries.length > 0 && node.entries.every(({ key }) => directiveIn(key.text));
}

/** An item that is one `if`, `elseif` or `else` over a map: the map is the item. */
function choiceIn(node: Node): { directive: Directive; key: ScalarNode; value: Node } | undefined {
  const [entry, second] = node.kind === 'map' ? node.entries : [];
  const directive = entry && directiveIn(entry.key.text);
  if (!entry || second || !directive || directive.kind === 'each' || directive.kind === 'insert')
    return undefined;
  return { directive, ...entry };
}
