import { Problem, type ProblemPlace } from '../../../problem/index.ts';
import type { LocalAsset } from '../compilation.ts';
import type { Warning, YamlNode } from '../document/node.ts';
import { nearest } from './nearest.ts';

/** What reading a file (and the files it names) has come to so far. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Warning[];
  readonly assets: LocalAsset[];
  /** What was found on disk at a path, so that a folder that many steps name is looked for once. */
  readonly paths: Map<string, PathKind>;
}

export type PathKind = 'file' | 'folder' | 'missing';

export function noFindings(paths = new Map<string, PathKind>()): Findings {
  return { problems: [], warnings: [], assets: [], paths };
}

export interface ScopeSettings {
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
  /** Documentation page of the kind being read. */
  readonly page: string;
  readonly strict: boolean;
  readonly findings: Findings;
  /** For values that stand in task inputs and not in a file: the input that would hold a member. */
  readonly inputOf?: ((key: string) => string) | undefined;
  /** Where secrets are written: messages name what is wrong, never the value. */
  readonly isSecret?: boolean;
}

/** Where in a file a reader is: the path of keys for messages, the folder for relative paths, and the findings. */
export class Scope {
  readonly settings: ScopeSettings;
  readonly path: string;

  constructor(settings: ScopeSettings, path = '') {
    this.settings = settings;
    this.path = path;
  }

  get folder(): string {
    return this.settings.folder;
  }

  member(key: string): Scope {
    return new Scope(this.settings, this.path === '' ? key : `${this.path}.${key}`);
  }

  item(index: number): Scope {
    return new Scope(this.settings, `${this.path}[${index}]`);
  }

  /** The same findings, for another file. */
  elsewhere(change: Pick<ScopeSettings, 'folder' | 'page'>): Scope {
    return new Scope({ ...this.settings, ...change, inputOf: undefined });
  }

  /** The same file, read as a kind with its own documentation page. */
  as(page: string): Scope {
    return new Scope({ ...this.settings, page }, this.path);
  }

  /** The same place, where no value may appear in a message. */
  secretly(): Scope {
    return new Scope({ ...this.settings, isSecret: true }, this.path);
  }

  /** A scope whose findings are kept apart, to try one reading of several. */
  apart(): Scope {
    return new Scope({ ...this.settings, findings: noFindings(this.settings.findings.paths) }, this.path);
  }

  refuse(place: ProblemPlace, message: string, next?: string): undefined {
    this.settings.findings.problems.push(
      new Problem({ code: 'file', message, next: next ?? `See ${this.settings.page}.`, place }),
    );
    return undefined;
  }

  unsupported(place: ProblemPlace, message: string, next?: string): undefined {
    this.settings.findings.problems.push(
      new Problem({ code: 'unsupported', message, next: next ?? `See ${this.settings.page}.`, place }),
    );
    return undefined;
  }

  /** The value is not of the kind it must be. */
  unexpected(node: YamlNode, expected: string): undefined {
    return this.refuse(node.at, `${this.subject()} must be ${expected}${this.#not(describe(node))}.`);
  }

  /** The value is a word, but none of those allowed. */
  unknownWord(node: YamlNode & { kind: 'scalar' }, words: readonly string[]): undefined {
    const guess = this.settings.isSecret ? undefined : nearest(node.text, words);
    const hint = guess === undefined ? '' : ` Did you mean '${guess}'?`;
    return this.refuse(
      node.at,
      `${this.subject()} must be ${orList(words)}${this.#not(`'${node.text}'`)}.${hint}`,
    );
  }

  #not(value: string): string {
    return this.settings.isSecret ? '' : `, not ${value}`;
  }

  /** Worth telling; in a strict reading, an error. */
  warn(place: ProblemPlace, message: string): void {
    if (this.settings.strict) this.refuse(place, message);
    else this.settings.findings.warnings.push({ message, place });
  }

  /** How messages name what is being read. */
  subject(): string {
    if (this.path !== '') return `'${this.path}'`;
    return this.settings.inputOf ? 'The job' : 'The file';
  }

  /** Where a member that is missing would have been written. */
  placeOfMissing(key: string, owner: ProblemPlace): ProblemPlace {
    const { inputOf } = this.settings;
    return inputOf && this.path === '' ? { input: inputOf(key) } : owner;
  }
}

function describe(node: YamlNode): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.type === 'null') return 'empty';
  if (node.type === 'bool') return `the truth value '${node.text}'`;
  if (node.type === 'date') return `the date '${node.text}'`;
  const text = node.text.length > 60 ? `${node.text.slice(0, 57)}...` : node.text;
  return node.type === 'str' ? `'${text}'` : `the number ${text}`;
}

function orList(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}
