import { isList, isMap, kindOf, toBoolean, type Value } from '../expressions/index.ts';
import type { Place } from '../plan.ts';
import type { Directive } from './directives.ts';
import type { Findings } from './findings.ts';
import type { ScalarNode } from './node.ts';
import { advanced, type Scalars } from './scalars.ts';
import { withLocal, type Scope } from './scope.ts';

/** `if`, `elseif` and `else` that follow each other, and the loops between them. */
export class Chain {
  /** Whether a branch was taken; undefined where no `if` came before. */
  private taken: boolean | undefined;
  private readonly scalars: Scalars;
  private readonly findings: Findings;

  constructor(scalars: Scalars, findings: Findings) {
    [this.scalars, this.findings] = [scalars, findings];
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
    return toBoolean(this.scalars.evaluate(directive.expression, scope, placeOf(directive, key)));
  }

  private rounds(
    directive: { name: string; expression: string; offset: number },
    key: ScalarNode,
    scope: Scope,
  ): Scope[] {
    const value = this.scalars.evaluate(directive.expression, scope, placeOf(directive, key));
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

function placeOf(directive: { offset: number }, key: ScalarNode): Place {
  return advanced(key.expressions[0] ?? key.place, directive.offset);
}
