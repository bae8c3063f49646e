import type { YamlEntry, YamlNode, YamlScalar } from '../../document/node.ts';
import { ARGUMENTS } from '../job/sweepSettings.ts';

/** `choice('a', 'b')` or `uniform(0.1, 1)` as the mapping it stands for; other text as the value it looks like. */
export function writtenSpace(node: YamlScalar): YamlNode {
  const [type = '', ...values] = node.text
    .trim()
    .split(/[ ,()]+/)
    .filter((part) => part !== '');
  if (values.length === 0) return scalarOf(type, node);
  const word = type.toLowerCase();
  const nodes = values.map((value) => scalarOf(value, node));
  if (word === 'choice') {
    return mapOf(node, { type: textOf('choice', node), values: { kind: 'list', items: nodes, at: node.at } });
  }
  const names: readonly string[] = Object.entries(ARGUMENTS).find(([name]) => name === word)?.[1] ?? [];
  const given = Object.fromEntries(
    names.flatMap((name, index) => (nodes[index] ? [[name, nodes[index]]] : [])),
  );
  return mapOf(node, { type: textOf(word, node), ...given });
}

function mapOf({ at }: YamlScalar, members: Readonly<Record<string, YamlNode>>): YamlNode {
  const entries = Object.entries(members).map(([key, value]): [string, YamlEntry] => [
    key,
    { key: { kind: 'scalar', type: 'str', value: key, text: key, at }, value },
  ]);
  return { kind: 'map', entries: new Map(entries), at };
}

function textOf(text: string, { at }: YamlScalar): YamlScalar {
  return { kind: 'scalar', type: 'str', value: text, text, at };
}

/** A number or truth value where the text is one, else the text without its quotes. */
function scalarOf(written: string, { at }: YamlScalar): YamlScalar {
  const text = written.trim();
  const spot = { kind: 'scalar', text, at } as const;
  if (/^[+-]?\d+$/.test(text)) return { ...spot, type: 'int', value: BigInt(text) };
  if (text !== '' && Number.isFinite(Number(text))) return { ...spot, type: 'float', value: Number(text) };
  if (text === 'True' || text === 'False') return { ...spot, type: 'bool', value: text === 'True' };
  const value = text.replace(/^['"]+|['"]+$/g, '');
  return { ...spot, type: 'str', value };
}
