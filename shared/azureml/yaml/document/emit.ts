import { emitText, isSimpleKey } from './emitScalar.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './node.ts';
import { byCodePoint, pythonFloat, pythonText } from './python.ts';

/**
 * Text of a tree as PyYAML's `yaml.dump(data, sort_keys=True)` writes it: the reference client sends conda files in this
 * form, and the version of an anonymous environment is a hash of it.
 */
export function emitYaml(root: YamlNode): string {
  const emitter = new Emitter(sharedNodes(root));
  emitter.root(root);
  return emitter.out;
}

class Emitter {
  out = '';
  readonly #shared: ReadonlyMap<YamlNode, string>;
  readonly #written = new Set<YamlNode>();

  constructor(shared: ReadonlyMap<YamlNode, string>) {
    this.#shared = shared;
  }

  root(node: YamlNode): void {
    if (node.kind === 'scalar') this.out += this.#scalar(node, { indent: 2, isKey: false });
    else if (isEmpty(node)) this.out += emptyText(node);
    else this.#collection(node, 0, true);
    const openEnded = node.kind === 'scalar' && !/^['"]/.test(this.out);
    this.out += openEnded ? '\n...\n' : '\n';
  }

  /** A non-empty list or mapping; `inline` goes on in the line that is open, as the first entry after `- ` does. */
  #collection(node: YamlMap | YamlList, indent: number, inline: boolean): void {
    if (node.kind === 'list') this.#list(node, indent, inline);
    else this.#map(node, indent, inline);
  }

  #map(node: YamlMap, indent: number, inline: boolean): void {
    sortedEntries(node).forEach(({ key, value }, index) => {
      if (index > 0 || !inline) this.#newLine(indent);
      const isSimple = isSimpleKey(key.text);
      if (!isSimple) this.out += '? ';
      this.out += this.#scalar(key, { indent: indent + 2, isKey: isSimple });
      if (!isSimple) this.#newLine(indent);
      this.out += ':';
      // A list under a key is not indented; after an explicit `? key` it is.
      this.#value(value, { map: indent + 2, list: isSimple ? indent : indent + 2, inline: !isSimple });
    });
  }

  #list(node: YamlList, indent: number, inline: boolean): void {
    node.items.forEach((item, index) => {
      if (index > 0 || !inline) this.#newLine(indent);
      this.out += '-';
      this.#value(item, { map: indent + 2, list: indent + 2, inline: true });
    });
  }

  #value(node: YamlNode, place: { map: number; list: number; inline: boolean }): void {
    const anchor = this.#shared.get(node);
    if (anchor && this.#written.has(node)) {
      this.out += ` *${anchor}`;
      return;
    }
    this.#written.add(node);
    if (anchor) this.out += ` &${anchor}`;
    if (node.kind === 'scalar') this.out += ` ${this.#scalar(node, { indent: place.map, isKey: false }, 1)}`;
    else if (isEmpty(node)) this.out += ` ${emptyText(node)}`;
    else {
      const inline = place.inline && !anchor;
      if (inline) this.out += ' ';
      this.#collection(node, node.kind === 'list' ? place.list : place.map, inline);
    }
  }

  #scalar(node: YamlScalar, spot: { indent: number; isKey: boolean }, ahead = 0): string {
    if (node.type === 'str') return emitText(node.value, { ...spot, column: this.#column() + ahead });
    return plainText(node);
  }

  #newLine(indent: number): void {
    this.out += `\n${' '.repeat(indent)}`;
  }

  #column(): number {
    return this.out.length - (this.out.lastIndexOf('\n') + 1);
  }
}

function plainText(node: YamlScalar): string {
  if (node.type === 'null') return 'null';
  if (node.type === 'bool') return node.value ? 'true' : 'false';
  if (node.type === 'float') return floatText(node.value);
  return pythonText(node);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = pythonFloat(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

function isEmpty(node: YamlMap | YamlList): boolean {
  return node.kind === 'list' ? node.items.length === 0 : node.entries.size === 0;
}

function emptyText(node: YamlMap | YamlList): string {
  return node.kind === 'list' ? '[]' : '{}';
}

/** Keys in Python's order; keys of mixed types cannot be compared there and keep their order. */
function sortedEntries(node: YamlMap): YamlEntry[] {
  const entries = [...node.entries.values()];
  const isText = entries.every(({ key }) => key.type === 'str');
  const isNumber = entries.every(
    ({ key }) => key.type === 'int' || key.type === 'float' || key.type === 'bool',
  );
  if (isText) return entries.sort((a, b) => byCodePoint(a.key.text, b.key.text));
  if (isNumber) return entries.sort((a, b) => Number(a.key.value) - Number(b.key.value));
  return entries;
}

/** Nodes that aliases brought to several places, named id001, id002, ... in the order they come up again. */
function sharedNodes(root: YamlNode): Map<YamlNode, string> {
  const seen = new Set<YamlNode>();
  const shared = new Map<YamlNode, string>();
  const visit = (node: YamlNode): void => {
    if (node.kind === 'scalar' && node.type !== 'date') return;
    if (seen.has(node)) {
      if (!shared.has(node)) shared.set(node, `id${String(shared.size + 1).padStart(3, '0')}`);
      return;
    }
    seen.add(node);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind === 'map') for (const { value } of sortedEntries(node)) visit(value);
  };
  visit(root);
  return shared;
}
