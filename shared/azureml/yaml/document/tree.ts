import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { Problem, type ProblemPlace } from '../../../problem/index.ts';
import { MAX_ALIASES, MAX_DEPTH, tooDeep, tooManyAliases } from './limits.ts';
import type { ScalarValue, Warning, YamlEntry, YamlMap, YamlNode, YamlScalar } from './node.ts';
import { IMPOSSIBLE, resolvePlain, resolveTagged } from './scalars.ts';
import { isAnchorName, isReserved, lacksKey } from './strictness.ts';

const STANDARD_TAG = 'tag:yaml.org,2002:';

interface Anchored {
  readonly node: YamlNode;
  readonly aliases: number;
}

/** Turns the parser's nodes into values with places, as PyYAML's safe constructor would: tags, merge keys, aliases. */
export class TreeBuilder {
  readonly problems: Problem[] = [];
  readonly warnings: Warning[] = [];
  readonly #placeAt: (offset: number) => ProblemPlace;
  readonly #anchors = new Map<string, Anchored | 'open'>();
  #aliases = 0;
  #depth = 0;

  constructor(placeAt: (offset: number) => ProblemPlace) {
    this.#placeAt = placeAt;
  }

  build(node: unknown, at: ProblemPlace = this.#placeAt(0)): YamlNode {
    if (isAlias(node)) return this.#followed(node);
    const place = offsetOf(node) === undefined ? at : this.#placeAt(offsetOf(node)!);
    if (++this.#depth > MAX_DEPTH) throw tooDeep(place);
    try {
      return this.#anchored(node, place);
    } finally {
      this.#depth -= 1;
    }
  }

  /** A value, and not a key: there `<<` and `=` have a meaning of their own. */
  #valueOf(node: unknown, at: ProblemPlace): YamlNode {
    const value = this.build(node, at);
    if (isScalar(node) && node.type === 'PLAIN' && !node.tag && isReserved(node.value))
      this.#refuse(value.at, `'${String(node.value)}' has a meaning of its own in YAML; put it in quotes.`);
    return value;
  }

  #anchored(node: unknown, at: ProblemPlace): YamlNode {
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor === undefined) return this.#value(node, at);
    const before = this.#aliases;
    this.#checkAnchor(anchor, at);
    this.#anchors.set(anchor, 'open');
    const built = this.#value(node, at);
    this.#anchors.set(anchor, { node: built, aliases: this.#aliases - before });
    return built;
  }

  #checkAnchor(anchor: string, at: ProblemPlace): void {
    if (this.#anchors.has(anchor)) this.#refuse(at, `The anchor '${anchor}' is given twice.`);
    if (!isAnchorName(anchor)) this.#refuse(at, `'${anchor}' cannot be the name of an anchor.`);
  }

  #value(node: unknown, at: ProblemPlace): YamlNode {
    if (isMap(node)) {
      this.#checkTag(node, 'map', at);
      return this.#map(node, at);
    }
    if (isSeq(node)) {
      this.#checkTag(node, 'seq', at);
      return { kind: 'list', items: node.items.map((item) => this.#valueOf(item, at)), at };
    }
    if (isScalar(node)) return this.#scalar(node, at);
    return nullAt(at);
  }

  #followed(alias: Alias): YamlNode {
    const at = this.#placeAt(offsetOf(alias) ?? 0);
    const target = this.#anchors.get(alias.source);
    if (target === undefined)
      return this.#refuse(at, `The alias '${alias.source}' points at nothing before it.`);
    if (target === 'open') return this.#refuse(at, `The alias '${alias.source}' contains itself.`);
    this.#aliases += 1 + target.aliases;
    if (this.#aliases > MAX_ALIASES) throw tooManyAliases(at);
    return target.node;
  }

  #scalar(node: Scalar, at: ProblemPlace): YamlScalar {
    const text = String(node.value ?? '');
    const resolved = this.#resolved(node, text, at);
    if (resolved.type === 'date' && resolved.value === IMPOSSIBLE) {
      this.#refuse(at, `'${text}' is written like a date, but there is no such day or time.`);
    }
    return { kind: 'scalar', text, at, ...resolved };
  }

  #resolved(node: Scalar, text: string, at: ProblemPlace): ScalarValue {
    if (node.tag?.startsWith(STANDARD_TAG)) {
      const tagged = resolveTagged(node.tag.slice(STANDARD_TAG.length), text);
      if (tagged) return tagged;
    }
    if (node.tag && node.tag !== '!') this.#refuse(at, `The tag '${node.tag}' does not fit here.`);
    const isPlain = node.type === 'PLAIN' || node.type === undefined;
    return isPlain ? resolvePlain(text) : { type: 'str', value: text };
  }

  #checkTag({ tag }: Node, own: string, at: ProblemPlace): void {
    if (tag && tag !== '!' && tag !== STANDARD_TAG + own)
      this.#refuse(at, `The tag '${tag}' does not fit here.`);
  }

  #map(node: YAMLMap, at: ProblemPlace): YamlMap {
    const own = new Map<string, YamlEntry>();
    const merged: YamlMap[] = [];
    for (const pair of node.items) {
      const key = this.#key(pair, { node, at });
      const value = this.#valueOf(pair.value, key?.at ?? at);
      if (!key) continue;
      if (isMergeKey(pair)) merged.push(...this.#mergeSources(value));
      else this.#put(own, key, value);
    }
    return { kind: 'map', entries: merged.length === 0 ? own : mergedEntries(merged, own), at };
  }

  #key(pair: Pair, { node, at }: { node: YAMLMap; at: ProblemPlace }): YamlScalar | undefined {
    const key = this.build(pair.key, at);
    if (isScalar(pair.key) && lacksKey(node, pair.key))
      this.#refuse(key.at, "There is no key before this ':'.");
    if (key.kind === 'scalar') return key;
    this.#refuse(key.at, 'A key must be a single word or number, not a list or a mapping.');
    return undefined;
  }

  #put(entries: Map<string, YamlEntry>, key: YamlScalar, value: YamlNode): void {
    const earlier = entries.get(key.text);
    if (earlier) {
      this.warnings.push({
        message: `The key '${key.text}' is written twice, first in line ${earlier.key.at.line}; the last one counts.`,
        place: key.at,
      });
    }
    entries.set(key.text, { key, value });
  }

  #mergeSources(value: YamlNode): YamlMap[] {
    if (value.kind === 'map') return [value];
    const items = value.kind === 'list' ? value.items : [];
    const maps = items.filter((item) => item.kind === 'map');
    if (maps.length === 0 || maps.length < items.length) {
      this.#refuse(value.at, "What follows '<<' must be a mapping or a list of mappings.");
    }
    return maps.reverse();
  }

  #refuse(place: ProblemPlace, message: string): YamlScalar {
    this.problems.push(
      new Problem({ code: 'file', message, next: 'Correct the text at this place.', place }),
    );
    return nullAt(place);
  }
}

/** Merged keys come first and give way to the mapping's own, as PyYAML flattens them. */
function mergedEntries(
  merged: readonly YamlMap[],
  own: ReadonlyMap<string, YamlEntry>,
): Map<string, YamlEntry> {
  return new Map([...merged.flatMap((map) => [...map.entries]), ...own]);
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

function nullAt(at: ProblemPlace): YamlScalar {
  return { kind: 'scalar', text: '', type: 'null', value: null, at };
}
