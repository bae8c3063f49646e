/** One `${{ }}` in a text. */
export interface Span {
  /** Where `${{` starts and the first character after `}}`. */
  readonly start: number;
  readonly end: number;
  readonly inner: string;
}

/** The `${{ }}` of a text; quotes inside are respected. `unclosed` is where a `${{` without its `}}` starts. */
export function spansIn(text: string): {
  readonly spans: readonly Span[];
  readonly unclosed: number | undefined;
} {
  const spans: Span[] = [];
  for (let start = text.indexOf('${{'); start !== -1; start = text.indexOf('${{', spans.at(-1)!.end)) {
    const end = endOf(text, start + 3);
    if (end === undefined) return { spans, unclosed: start };
    spans.push({ start, end, inner: text.slice(start + 3, end - 2) });
  }
  return { spans, unclosed: undefined };
}

function endOf(text: string, from: number): number | undefined {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith('}}', at)) return at + 2;
  }
  return undefined;
}

/** What a key such as `${{ if ... }}` orders. `offset` is how far into the key the expression starts. */
export type Directive =
  | { readonly kind: 'if' | 'elseif'; readonly expression: string; readonly offset: number }
  | { readonly kind: 'each'; readonly name: string; readonly expression: string; readonly offset: number }
  | { readonly kind: 'else' | 'insert' };

/** The directive a key is, or undefined for every other key. */
export function directiveIn(key: string): Directive | undefined {
  const text = key.trim();
  if (!text.startsWith('${{')) return undefined;
  const { spans } = spansIn(text);
  const span = spans[0];
  if (spans.length !== 1 || !span || span.end !== text.length) return undefined;
  return directiveOf(span.inner);
}

function directiveOf(inner: string): Directive | undefined {
  const word = inner.trim();
  if (word === 'else' || word === 'insert') return { kind: word };
  const choice = /^(\s*(if|elseif)\b)([\s\S]*)$/.exec(inner);
  if (choice)
    return {
      kind: choice[2] === 'if' ? 'if' : 'elseif',
      expression: choice[3]!,
      offset: 3 + choice[1]!.length,
    };
  const loop = /^(\s*each\s+([A-Za-z_][A-Za-z0-9_]*)\s+in\b)([\s\S]*)$/.exec(inner);
  return loop
    ? { kind: 'each', name: loop[2]!, expression: loop[3]!, offset: 3 + loop[1]!.length }
    : undefined;
}
