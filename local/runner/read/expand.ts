import { asText, evaluate, isList, isMap, kindOf, toBoolean, type Value } from '../expressions/index.ts';
import type { Place, Text } from '../plan.ts';
import { directiveIn, spansIn, type Directive, type Span } from './directives.ts';
import type { Findings } from './findings.ts';
import { scalarOf, shortened, wordFor, type MapNode, type Node, type ScalarNode } from './node.ts';
import { Origins } from './origins.ts';
import { withLocal, type Bound, type Scope } from './scope.ts';

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

  constructor(findings: Findings) {
    this.findings = findings;
  }

  /** The part itself, or what it comes to when it is one `${{ }}` and nothing else. */
  resolve(bound: Bound): Bound {
    if (bound.expanded || bound.node.kind !== 'scalar') return bound;
    const value = this.valueOf(bound.node, bound.scope);
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
    const chain = new Chain(this, this.findings);
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

  /** What an expression comes to; null after a problem, which is collected. */
  evaluate(expression: string, scope: Scope, place: Place): Value {
    const names = { ...scope.locals, parameters: scope.parameters, variables: scope.variables };
    return this.findings.collect(() => evaluate(expression, { names }, place)) ?? null;
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
    const chain = new Chain(this, this.findings);
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
    const value = this.valueOf(key, scope);
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
    chain.reset();
    const part = this.resolve(item);
    if (part.node.kind === 'list' && part.expanded) return this.items(part, 'The value');
    const onlyDirectives =
      part.node.kind === 'map' && part.node.entries.every(({ key }) => directiveIn(key.text));
    return onlyDirectives && this.entries(part, 'The item').length === 0 ? [] : [part];
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

  private valueOf(node: ScalarNode, scope: Scope): Value {
    if (!node.text.includes('${{')) return node.text;
    const { spans, unclosed } = spansIn(node.text);
    if (unclosed !== undefined)
      this.findings.wrong(placeIn(node, unclosed), "This '${{' has no closing '}}'.");
    const [only] = spans;
    if (only && spans.length === 1 && node.text.trim() === node.text.slice(only.start, only.end))
      return this.spanValue(node, only, scope);
    return this.interpolated(node, spans, scope);
  }

  private interpolated(node: ScalarNode, spans: readonly Span[], scope: Scope): string {
    let [text, from] = ['', 0];
    for (const span of spans) {
      text += node.text.slice(from, span.start) + this.spanText(node, span, scope);
      from = span.end;
    }
    return text + node.text.slice(from);
  }

  private spanText(node: ScalarNode, span: Span, scope: Scope): string {
    const value = this.spanValue(node, span, scope);
    const text = asText(value);
    if (text === undefined) {
      const next = 'convertToJson() or join() makes text of it.';
      this.findings.wrong(placeIn(node, span.start), `${kindOf(value)} cannot be put into text.`, next);
    }
    return text ?? '';
  }

  private spanValue(node: ScalarNode, span: Span, scope: Scope): Value {
    if (directiveIn(`\${{${span.inner}}}`)) {
      this.findings.wrong(placeIn(node, span.start), `'${shortened(span.inner)}' can stand only as a key.`);
      return null;
    }
    return this.evaluate(span.inner, scope, advanced(placeIn(node, span.start), 3));
  }
}

/** `if`, `elseif` and `else` that follow each other, and the loops between them. */
class Chain {
  /** Whether a branch was taken; undefined where no `if` came before. */
  private taken: boolean | undefined;
  private readonly expander: Expander;
  private readonly findings: Findings;

  constructor(expander: Expander, findings: Findings) {
    [this.expander, this.findings] = [expander, findings];
  }

  reset(): void {
    this.taken = undefined;
  }

  /** The scopes in which what stands under the directive counts: none, one, or one for each round. */
  scopes(directive: Directive, key: ScalarNode, scope: Scope): Scope[] {
    switch (directive.kind) {
      case 'insert':
        this.reset();
        return [scope];
      case 'each':
        this.reset();
        return this.rounds(directive, key, scope);
      case 'if':
        this.taken = this.holds(directive, key, scope);
        return this.taken ? [scope] : [];
      case 'elseif':
      case 'else':
        return this.otherwise(directive, key, scope);
    }
  }

  private otherwise(
    directive: Extract<Directive, { kind: 'elseif' | 'else' | 'if' | 'insert' }>,
    key: ScalarNode,
    scope: Scope,
  ): Scope[] {
    if (this.taken === undefined) {
      this.findings.wrong(key.place, `'${directive.kind}' has no 'if' right before it.`);
      return [];
    }
    const holds = !this.taken && (!('expression' in directive) || this.holds(directive, key, scope));
    this.taken = directive.kind === 'else' ? undefined : this.taken || holds;
    return holds ? [scope] : [];
  }

  private holds(directive: { expression: string; offset: number }, key: ScalarNode, scope: Scope): boolean {
    return toBoolean(this.expander.evaluate(directive.expression, scope, placeOf(directive, key)));
  }

  private rounds(
    directive: { name: string; expression: string; offset: number },
    key: ScalarNode,
    scope: Scope,
  ): Scope[] {
    const value = this.expander.evaluate(directive.expression, scope, placeOf(directive, key));
    if (isList(value)) return value.map((item) => withLocal(scope, directive.name, item));
    if (isMap(value)) return [...value].map((pair) => withLocal(scope, directive.name, new Map(pairs(pair))));
    if (value !== null && value !== '')
      this.findings.wrong(key.place, `'each' goes over a list or a map, not ${kindOf(value)}.`);
    return [];
  }
}

function pairs([key, value]: readonly [string, Value]): [string, Value][] {
  return [
    ['key', key],
    ['value', value],
  ];
}

/** An item such as `- ${{ if x }}:` with a list below it: its items join the list around it. */
function isSplice(node: MapNode): boolean {
  return (
    node.entries.length > 0 &&
    node.entries.every(({ key, value }) => directiveIn(key.text) && value.kind !== 'map')
  );
}

function placeOf(directive: { offset: number }, key: ScalarNode): Place {
  return advanced(key.expressions[0] ?? key.place, directive.offset);
}

/** Where the `${{` at an offset of a text stands in its file. */
function placeIn(node: ScalarNode, offset: number): Place {
  const before = node.text.slice(0, offset).split('${{').length - 1;
  return node.expressions[before] ?? node.place;
}

function advanced(place: Place, columns: number): Place {
  return { ...place, column: place.column + columns };
}
