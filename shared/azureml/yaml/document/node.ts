import type { ProblemPlace } from '../../../problem/index.ts';

/** What a plain or quoted scalar means to the reference client's YAML 1.1 loader. */
export type ScalarValue =
  | { readonly type: 'str'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null'; readonly value: null }
  | { readonly type: 'date'; readonly value: string }
  | { readonly type: 'binary'; readonly value: string };

export type YamlScalar = {
  readonly kind: 'scalar';
  readonly text: string;
  readonly at: ProblemPlace;
  /** Given outside the file (`--set`), where quotes are lost: serves as text where text is asked for. */
  readonly isLoose?: boolean;
} & ScalarValue;

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: ProblemPlace;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** A mapping by the text of its keys, in file order; of a key written twice the last one is kept. */
export interface YamlMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
  readonly at: ProblemPlace;
}

/** One value of a file, with the place it was written at. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

/** Something worth telling that does not stop the work. */
export interface Warning {
  readonly message: string;
  readonly place: ProblemPlace;
}

/** A file as it was read: values resolved, places kept, nothing interpreted yet. */
export interface YamlDocument {
  /** The path as the user gave it, for messages. */
  readonly file: string;
  /** Absolute folder that relative paths in the file start from. */
  readonly folder: string;
  readonly root: YamlNode;
  readonly warnings: readonly Warning[];
  /** For values that stand in task inputs and not in a file: the input that holds a member. */
  readonly inputOf?: (key: string) => string;
}
