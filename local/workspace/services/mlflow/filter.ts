import { userError } from '../../server/failures.ts';

type Value = string | number | undefined;
/** What an item has under a group and a key: `metrics`, `params`, `tags`, `attributes`. */
export type Look<T> = (item: T, group: string, key: string) => Value;
type Test = (value: Value) => boolean;

const GROUPS: Readonly<Record<string, string>> = {
  metric: 'metrics',
  metrics: 'metrics',
  param: 'params',
  params: 'params',
  parameter: 'params',
  parameters: 'params',
  tag: 'tags',
  tags: 'tags',
  attribute: 'attributes',
  attributes: 'attributes',
  attr: 'attributes',
  run: 'attributes',
};

const TOKEN =
  /\s*(?:(>=|<=|!=|=|<|>|\(|\)|,)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`)|([^\s=<>!(),'"`]+))/y;

interface Token {
  readonly kind: 'sign' | 'quoted' | 'word';
  readonly text: string;
}

/** A test made of MLflow's filter language: comparisons joined by AND. Without a filter everything matches. */
export function matching<T>(filter: string | undefined, look: Look<T>): (item: T) => boolean {
  if (!filter?.trim()) return () => true;
  const clauses = new Reader(filter).clauses();
  return (item) => clauses.every(({ group, key, test }) => test(look(item, group, key)));
}

/** Where `order_by` sorts, for example `metrics.rmse DESC`. */
export function ordering(text: string): { group: string; key: string; descending: boolean } {
  const match = /^(.*?)(?:\s+(asc|desc))?$/i.exec(text.trim());
  const reader = new Reader(match?.[1] ?? '');
  return { ...reader.identifier(), descending: match?.[2]?.toLowerCase() === 'desc' };
}

interface Clause {
  readonly group: string;
  readonly key: string;
  readonly test: Test;
}

class Reader {
  readonly #tokens: Token[];
  readonly #filter: string;

  constructor(filter: string) {
    this.#filter = filter;
    this.#tokens = [...tokensOf(filter)];
  }

  clauses(): Clause[] {
    const clauses = [this.#clause()];
    while (this.#tokens.length > 0) {
      if (this.#take()?.text.toLowerCase() !== 'and') throw this.#unreadable();
      clauses.push(this.#clause());
    }
    return clauses;
  }

  /** `metrics.x`, `tags."a b"`, or an attribute alone. */
  identifier(): { group: string; key: string } {
    const first = this.#take();
    if (first?.kind !== 'word') throw this.#unreadable();
    const dot = first.text.indexOf('.');
    const group = GROUPS[first.text.slice(0, Math.max(dot, 0)).toLowerCase()];
    if (dot < 0 || group === undefined) return { group: 'attributes', key: first.text };
    const key = first.text.slice(dot + 1);
    return { group, key: key === '' ? unquoted(this.#take()?.text ?? '') : key };
  }

  #clause(): Clause {
    return { ...this.identifier(), test: this.#test() };
  }

  #test(): Test {
    const operator = this.#take()?.text.toUpperCase();
    switch (operator) {
      case 'LIKE':
      case 'ILIKE': {
        const pattern = likePattern(this.#value(), operator === 'ILIKE');
        return (value) => value !== undefined && pattern.test(String(value));
      }
      case 'IN':
        return oneOf(this.#values());
      case 'NOT': {
        if (this.#take()?.text.toUpperCase() !== 'IN') throw this.#unreadable();
        const isOne = oneOf(this.#values());
        return (value) => value !== undefined && !isOne(value);
      }
      default:
        return comparison(operator, this.#value(), () => this.#unreadable());
    }
  }

  #value(): string {
    const token = this.#take();
    if (!token || token.kind === 'sign') throw this.#unreadable();
    return token.kind === 'quoted' ? unquoted(token.text) : token.text;
  }

  #values(): string[] {
    if (this.#take()?.text !== '(') throw this.#unreadable();
    const values = [this.#value()];
    for (let sign = this.#take()?.text; sign !== ')'; sign = this.#take()?.text) {
      if (sign !== ',') throw this.#unreadable();
      values.push(this.#value());
    }
    return values;
  }

  #take(): Token | undefined {
    return this.#tokens.shift();
  }

  #unreadable(): Error {
    return userError(
      `The filter cannot be read: ${this.#filter}. Write, for example, "metrics.rmse < 0.5 and tags.kind = 'a'".`,
    );
  }
}

function* tokensOf(text: string): Generator<Token> {
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const match = TOKEN.exec(text);
    if (!match) throw userError(`The filter cannot be read: ${text}.`);
    if (match[1] !== undefined) yield { kind: 'sign', text: match[1] };
    else if (match[2] !== undefined) yield { kind: 'quoted', text: match[2] };
    else yield { kind: 'word', text: match[3] ?? '' };
  }
}

function comparison(operator: string | undefined, wanted: string, unreadable: () => Error): Test {
  const order = (value: Exclude<Value, undefined>): number =>
    typeof value === 'number' ? value - Number(wanted) : value < wanted ? -1 : value > wanted ? 1 : 0;
  const test =
    (decide: (order: number) => boolean): Test =>
    (value) =>
      value !== undefined && decide(order(value));
  switch (operator) {
    case '=':
      return test((result) => result === 0);
    case '!=':
      return test((result) => result !== 0);
    case '<':
      return test((result) => result < 0);
    case '<=':
      return test((result) => result <= 0);
    case '>':
      return test((result) => result > 0);
    case '>=':
      return test((result) => result >= 0);
    default:
      throw unreadable();
  }
}

function oneOf(values: readonly string[]): Test {
  return (value) => value !== undefined && values.includes(String(value));
}

function likePattern(pattern: string, anyCase: boolean): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, anyCase ? 'is' : 's');
}

function unquoted(text: string): string {
  return /^['"`]/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
