import { closestMatch } from 'leven';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { Problem } from '../../../shared/problem/index.ts';

const LONGEST = 1_000_000;
const SEE = 'See docs/faults.md.';

/** A YAML or JSON text that keeps every complaint with its line and column. */
export class FaultDocument {
  readonly problems: Problem[] = [];
  readonly root: Node | null;
  readonly #lines = new LineCounter();
  readonly #source: string;

  constructor(text: string, source: string) {
    this.#source = source;
    const parsed = parseDocument(text.slice(0, LONGEST), { lineCounter: this.#lines, prettyErrors: false });
    this.root = parsed.contents;
    for (const error of [...parsed.errors, ...parsed.warnings])
      this.#add(error.pos[0], `The faults cannot be read as YAML: ${error.message.replace(/\.$/, '')}.`);
    if (text.length > LONGEST) this.#add(0, 'Faults of more than a million characters are not read.');
  }

  complain(node: unknown, message: string, next = SEE): undefined {
    this.#add((node as Node | null)?.range?.[0], message, next);
    return undefined;
  }

  map(node: unknown, what: string): FaultEntry {
    if (!isMap(node)) this.complain(node, `${what} must be a map of words to values.`);
    return new FaultEntry(this, isMap(node) ? node : undefined, what);
  }

  items(node: unknown, what: string): readonly unknown[] {
    if (node === undefined) return [];
    if (isSeq(node)) return node.items;
    this.complain(node, `${what} must be a list.`);
    return [];
  }

  #add(offset: number | undefined, message: string, next = SEE): void {
    const { line, col } = this.#lines.linePos(offset ?? 0);
    const place = { file: this.#source, line: Math.max(line, 1), column: Math.max(col, 1) };
    this.problems.push(new Problem({ code: 'file', message, place, next }));
  }
}

/** A map whose members are read one by one; what is wrong is complained about and read as absent. */
export class FaultEntry {
  readonly #document: FaultDocument;
  readonly #map: YAMLMap | undefined;
  readonly #what: string;

  constructor(document: FaultDocument, map: YAMLMap | undefined, what: string) {
    this.#document = document;
    this.#map = map;
    this.#what = what;
  }

  knownOnly(known: readonly string[]): void {
    for (const { key } of this.#map?.items ?? []) {
      const word = isScalar(key) ? String(key.value) : '';
      if (known.includes(word)) continue;
      this.#document.complain(key, `${this.#what} has the unknown word '${word}'.`, suggestion(word, known));
    }
  }

  needed(name: string): unknown {
    const node = this.#node(name);
    if (node === undefined) this.missing(name);
    return node;
  }

  missing(name: string, choices?: readonly string[]): undefined {
    if (this.#map === undefined || this.#node(name) !== undefined) return undefined;
    const next = choices ? `Give one of ${choices.join(', ')}.` : SEE;
    return this.#document.complain(this.#map, `${this.#what} needs '${name}'.`, next);
  }

  text(name: string): string | undefined {
    return this.#read(name, 'text', (value) =>
      typeof value === 'string' && value !== '' ? value : undefined,
    );
  }

  texts<N extends string>(...names: readonly N[]): { readonly [name in N]?: string } {
    const entries = names.map((name) => [name, this.text(name)]).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries) as { readonly [name in N]?: string };
  }

  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    const node = this.#node(name);
    if (node === undefined) return undefined;
    const value = isScalar(node) ? node.value : undefined;
    const found = words.find((word) => word === value);
    const next = suggestion(String(value), words);
    return (
      found ??
      this.#document.complain(node, `'${name}' of ${this.#inside} cannot be '${String(value)}'.`, next)
    );
  }

  /** One word or a list of them. */
  words<W extends string>(name: string, words: readonly W[]): readonly W[] | undefined {
    const node = this.#node(name);
    if (!isSeq(node)) {
      const one = this.word(name, words);
      return one === undefined ? undefined : [one];
    }
    const found = node.items.map((item) => words.find((word) => isScalar(item) && item.value === word));
    const all = found.filter((word) => word !== undefined);
    if (all.length === found.length) return all;
    return this.#document.complain(node, `'${name}' of ${this.#inside} must be of ${words.join(', ')}.`);
  }

  number(name: string, least: number, most: number): number | undefined {
    const range = `a number from ${least} to ${most}`;
    return this.#read(name, range, (value) =>
      typeof value === 'number' && value >= least && value <= most ? value : undefined,
    );
  }

  whole(name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    return this.#read(name, `a whole number ${range}`, (value) =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined,
    );
  }

  neededNumber(name: string, least: number, most: number, kind?: 'whole'): number {
    this.missing(name);
    return (kind === 'whole' ? this.whole(name, least, most) : this.number(name, least, most)) ?? least;
  }

  /** A map of texts; numbers are taken as text, since YAML writes them alike. */
  textMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.#read(name, 'a map of words to texts', (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      const entries = Object.entries(value).map(([key, one]) => [key, String(one)] as const);
      return Object.fromEntries(entries);
    });
  }

  /** Whatever is there, as JSON. */
  plain(name: string): unknown {
    return this.#map?.get(name, true) === undefined ? undefined : plainOf(this.#node(name));
  }

  inner(name: string): FaultEntry | undefined {
    const node = this.#node(name);
    return node === undefined ? undefined : this.#document.map(node, `'${name}' of ${this.#inside}`);
  }

  get #inside(): string {
    return this.#what.charAt(0).toLowerCase() + this.#what.slice(1);
  }

  #node(name: string): unknown {
    return this.#map?.get(name, true);
  }

  #read<T>(name: string, expected: string, accept: (value: unknown) => T | undefined): T | undefined {
    const node = this.#node(name);
    if (node === undefined) return undefined;
    const read = accept(plainOf(node));
    if (read !== undefined) return read;
    return this.#document.complain(node, `'${name}' of ${this.#inside} must be ${expected}.`);
  }
}

function plainOf(node: unknown): unknown {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.toJSON() : undefined;
}

function suggestion(written: string, known: readonly string[]): string {
  const near = closestMatch(written.toLowerCase(), [...known], {
    maxDistance: Math.max(2, Math.floor(written.length / 2)),
  });
  return near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean '${near}'?`;
}
