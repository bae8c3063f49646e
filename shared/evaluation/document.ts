import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { Problem, type ProblemPlace } from '../problem/index.ts';
import { suggestion } from './suggest.ts';

/** Where a policy's text comes from; at least one is given. */
export interface PolicySource {
  /** The path as the user wrote it. */
  readonly file?: string;
  /** The task input that holds the text itself. */
  readonly input?: string;
}

export interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | undefined;
}

const LONGEST_POLICY = 1_000_000;

/** A YAML document that keeps every complaint with its line and column. */
export class PolicyDocument {
  readonly problems: Problem[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #source: PolicySource;

  constructor(text: string, source: PolicySource) {
    this.#source = source;
    const readable = text.length <= LONGEST_POLICY ? text : '';
    this.#document = parseDocument(readable, { lineCounter: this.#lines, prettyErrors: false });
    if (readable !== text)
      this.complain(undefined, 'A policy of more than a million characters is not read.');
    for (const error of [...this.#document.errors, ...this.#document.warnings]) {
      const next = error.code === 'DUPLICATE_KEY' ? 'Say each thing once.' : 'Correct the YAML.';
      this.#add(
        error.pos[0],
        `The policy cannot be read as YAML: ${error.message.replace(/\.$/, '')}.`,
        next,
      );
    }
  }

  get root(): Node | undefined {
    return this.resolve(this.#document.contents);
  }

  complain(node: Node | undefined, message: string, next?: string, code?: 'unsupported'): void {
    this.#add(node?.range?.[0], message, next, code);
  }

  /** Where a node is written; undefined for no node. */
  placeOf(node: Node | undefined): ProblemPlace | undefined {
    return node && this.#placeAt(node.range?.[0]);
  }

  resolve(node: unknown): Node | undefined {
    const target = isAlias(node) ? node.resolve(this.#document) : node;
    return isMap(target) || isSeq(target) || isScalar(target) ? target : undefined;
  }

  /** The entries of a map whose keys are all plain text; undefined, with a complaint, for anything else. */
  entries(node: Node | undefined, what: string): Entry[] | undefined {
    if (!isMap(node)) {
      this.complain(
        node,
        `${what} must be a map of words to values.`,
        'See the policy schema in the documentation.',
      );
      return undefined;
    }
    return node.items.flatMap((pair) => {
      const keyNode = this.resolve(pair.key);
      if (isScalar(keyNode) && keyNode.value !== null) {
        return [{ key: String(keyNode.value), keyNode, value: this.resolve(pair.value) }];
      }
      this.complain(keyNode ?? node, `${what} has a key that is not a word.`);
      return [];
    });
  }

  /** Complains about every word that is not known here. */
  knownOnly(entries: readonly Entry[], known: readonly string[], what: string): void {
    for (const { key, keyNode } of entries) {
      if (!known.includes(key))
        this.complain(keyNode, `${what} has the unknown word '${key}'.`, suggestion(key, known));
    }
  }

  #add(offset: number | undefined, message: string, next?: string, code?: 'unsupported'): void {
    const place = this.#placeAt(offset);
    const kind = code ?? (this.#source.file === undefined ? 'input' : 'file');
    this.problems.push(new Problem({ code: kind, message, place, ...(next && { next }) }));
  }

  #placeAt(offset: number | undefined): ProblemPlace {
    const { line, col } = this.#lines.linePos(offset ?? 0);
    const file = this.#source.file ?? 'inline policy';
    // An empty document has no first line to count.
    const at = { line: Math.max(line, 1), column: Math.max(col, 1) };
    return { ...(this.#source.input && { input: this.#source.input }), file, ...at };
  }
}
