import { asText, evaluate, kindOf, type Value } from '../expressions/index.ts';
import type { Place } from '../plan.ts';
import { directiveIn, spansIn, type Span } from './directives.ts';
import type { Findings } from './findings.ts';
import { shortened, type ScalarNode } from './node.ts';
import type { Scope } from './scope.ts';

/** Works out the `${{ }}` inside texts. */
export class Scalars {
  private readonly findings: Findings;

  constructor(findings: Findings) {
    this.findings = findings;
  }

  /** What an expression comes to; null after a problem, which is collected. */
  evaluate(expression: string, scope: Scope, place: Place): Value {
    const names = { ...scope.locals, parameters: scope.parameters, variables: scope.variables };
    return this.findings.collect(() => evaluate(expression, { names }, place)) ?? null;
  }

  /** The value of a text that is one `${{ }}`, else the text with every `${{ }}` filled in. */
  valueOf(node: ScalarNode, scope: Scope): Value {
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

/** Where the `${{` at an offset of a text stands in its file. */
function placeIn(node: ScalarNode, offset: number): Place {
  const before = node.text.slice(0, offset).split('${{').length - 1;
  return node.expressions[before] ?? node.place;
}

/** A place some characters further on. */
export function advanced(place: Place, columns: number): Place {
  return { ...place, column: place.column + columns };
}
