import type { Value, ValueMap } from '../expressions/index.ts';
import type { Node } from './node.ts';

/** What `${{ }}` can see at one point of a file. */
export interface Scope {
  readonly parameters: ValueMap;
  /** Variables whose values are known before the run starts. */
  readonly variables: ValueMap;
  /** What the surrounding `${{ each }}` have named. */
  readonly locals: Readonly<Record<string, Value>>;
  /** The template files that led here, outermost first. */
  readonly inclusions: readonly Inclusion[];
}

interface Inclusion {
  readonly file: string;
  /** File and parameters: the same twice in a row of inclusions never ends. */
  readonly key: string;
}

/** A part of a file together with what its expressions see; `expanded` parts hold no expressions any more. */
export interface Bound {
  readonly node: Node;
  readonly scope: Scope;
  readonly expanded: boolean;
}

export function withVariables(bound: Bound, variables: ValueMap): Bound {
  return { ...bound, scope: { ...bound.scope, variables } };
}

export function withLocal(scope: Scope, name: string, value: Value): Scope {
  return { ...scope, locals: { ...scope.locals, [name]: value } };
}

/** Variables with one more; names do not regard case. */
export function plusVariable(variables: ValueMap, name: string, value: string): ValueMap {
  const others = [...variables].filter(([known]) => known.toLowerCase() !== name.toLowerCase());
  return new Map([...others, [name, value]]);
}
