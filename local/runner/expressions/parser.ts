import { ExpressionFailure } from './failure.ts';
import { tokenize, type Token } from './lexer.ts';
import type { Version } from './value.ts';

/** An expression as a tree; every part knows how far into the text it starts. */
export type Tree =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | Version; readonly offset: number }
  | { readonly kind: 'name'; readonly name: string; readonly offset: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Tree[]; readonly offset: number }
  | { readonly kind: 'index'; readonly of: Tree; readonly index: Tree; readonly offset: number }
  /** `.*` or `[*]`: every item. */
  | { readonly kind: 'every'; readonly of: Tree; readonly offset: number };

/** The service's own limits on one expression. */
const MAX_LENGTH = 21_000;
const MAX_DEPTH = 50;

export function parse(text: string): Tree {
  if (text.length > MAX_LENGTH)
    throw new ExpressionFailure(`An expression may have at most ${MAX_LENGTH} characters.`, 0);
  const reader = new Reader(tokenize(text));
  const tree = reader.expression(0);
  reader.expectEnd();
  return tree;
}

class Reader {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  expression(depth: number): Tree {
    if (depth > MAX_DEPTH)
      throw new ExpressionFailure(`An expression may nest at most ${MAX_DEPTH} deep.`, this.peek().offset);
    let tree = this.primary(depth);
    for (let links = 0; ; links++) {
      if (links > MAX_DEPTH)
        throw new ExpressionFailure(`A chain may have at most ${MAX_DEPTH} links.`, tree.offset);
      if (this.take('.')) tree = this.property(tree);
      else if (this.take('[')) tree = this.index(tree, depth);
      else return tree;
    }
  }

  expectEnd(): void {
    const token = this.peek();
    if (token.kind !== 'end')
      throw new ExpressionFailure(`${wordFor(token)} was not expected here.`, token.offset);
  }

  private primary(depth: number): Tree {
    const token = this.advance();
    if (token.kind === 'literal') return token;
    if (token.kind === 'name') {
      return this.take('(')
        ? this.call(token.text, token.offset, depth)
        : { ...token, kind: 'name', name: token.text };
    }
    if (token.kind === 'end')
      throw new ExpressionFailure('The expression is empty or ends too early.', token.offset);
    throw new ExpressionFailure(`${wordFor(token)} was not expected here.`, token.offset);
  }

  private call(name: string, offset: number, depth: number): Tree {
    const args: Tree[] = [];
    if (this.take(')')) return { kind: 'call', name, args, offset };
    do args.push(this.expression(depth + 1));
    while (this.take(','));
    this.expect(')');
    return { kind: 'call', name, args, offset };
  }

  private property(of: Tree): Tree {
    const token = this.advance();
    if (token.kind === 'sign' && token.text === '*') return { kind: 'every', of, offset: token.offset };
    if (token.kind !== 'name') {
      throw new ExpressionFailure(
        'A name must follow the dot.',
        token.offset,
        "Other names are written ['like this'].",
      );
    }
    return {
      kind: 'index',
      of,
      index: { kind: 'literal', value: token.text, offset: token.offset },
      offset: token.offset,
    };
  }

  private index(of: Tree, depth: number): Tree {
    const offset = this.peek().offset;
    if (this.take('*')) {
      this.expect(']');
      return { kind: 'every', of, offset };
    }
    const index = this.expression(depth + 1);
    this.expect(']');
    return { kind: 'index', of, index, offset };
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private advance(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  private take(sign: string): boolean {
    const token = this.peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.at += 1;
    return true;
  }

  private expect(sign: string): void {
    const token = this.peek();
    if (!this.take(sign))
      throw new ExpressionFailure(`'${sign}' is missing before ${wordFor(token)}.`, token.offset);
  }
}

function wordFor(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return token.kind === 'literal' ? `'${String(token.value)}'` : `'${token.text}'`;
}
