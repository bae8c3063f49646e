import { Problem, throwIfAny, type ProblemPlace } from '../../../problem/index.ts';
import type { YamlDocument, YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './node.ts';
import { readYaml } from './read.ts';
import { resolvePlain } from './scalars.ts';

/**
 * Overrides as `az ml job create --set path.to=value list[0].member=value` does. A value is typed as it would be in the
 * file, and counts as text too where the file asks for text (`tags.build=17`); `{...}` and `[...]` give mappings and lists.
 */
export function applySet(
  document: YamlDocument,
  overrides: readonly string[],
  place: ProblemPlace = { input: 'set' },
): YamlDocument {
  const problems: Problem[] = [];
  let { root } = document;
  for (const override of overrides) {
    try {
      const { path, value } = parse(override, place);
      root = put(root, path, value, { override, place });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(error);
    }
  }
  throwIfAny(problems);
  return { ...document, root };
}

type Step = string | number;

interface Request {
  readonly override: string;
  readonly place: ProblemPlace;
}

function parse(override: string, place: ProblemPlace): { path: Step[]; value: YamlNode } {
  const equals = override.indexOf('=');
  const path = equals < 1 ? [] : stepsOf(override.slice(0, equals).trim());
  if (path.length === 0) {
    throw refusal(
      { override, place },
      'is not of the form path.to.member=value',
      'Write for example inputs.epochs=5.',
    );
  }
  return { path, value: valueOf(override.slice(equals + 1), { override, place }) };
}

/** `a.b[0].c` and `a\.b.c`, whose first step holds a dot. */
function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  for (const [, index, word] of path.matchAll(/\[(\d+)\]|((?:\\.|[^.[\]\\])+)/g)) {
    if (index !== undefined) steps.push(Number(index));
    else if (word !== undefined) steps.push(word.replace(/\\(.)/g, '$1'));
  }
  return steps;
}

function valueOf(text: string, request: Request): YamlNode {
  if (!/^\s*[[{]/.test(text))
    return { kind: 'scalar', text, at: request.place, isLoose: true, ...resolvePlain(text) };
  try {
    return relocated(readYaml(text, 'set').root, request.place);
  } catch {
    throw refusal(
      request,
      'has a value that is neither a mapping nor a list',
      'Quote the value, or close its brackets.',
    );
  }
}

function relocated(node: YamlNode, at: ProblemPlace): YamlNode {
  if (node.kind === 'scalar') return { ...node, at };
  if (node.kind === 'list') return { ...node, at, items: node.items.map((item) => relocated(item, at)) };
  const entries = [...node.entries].map(
    ([name, { key, value }]) => [name, { key: { ...key, at }, value: relocated(value, at) }] as const,
  );
  return { ...node, at, entries: new Map(entries) };
}

function put(node: YamlNode | undefined, path: readonly Step[], value: YamlNode, request: Request): YamlNode {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (node?.kind === 'list') return putInList(node, step, { rest, value, request });
  if (node?.kind === 'map') return putInMap(node, String(step), { rest, value, request });
  if (node && node.type !== 'null') {
    throw refusal(
      request,
      `goes into '${node.text}', which is a single value or a reference`,
      'Override the whole value, or change the file it points at.',
    );
  }
  const empty: YamlNode =
    typeof step === 'number'
      ? { kind: 'list', items: [], at: request.place }
      : { kind: 'map', entries: new Map(), at: request.place };
  return put(empty, path, value, request);
}

interface Change {
  readonly rest: readonly Step[];
  readonly value: YamlNode;
  readonly request: Request;
}

function putInMap(map: YamlMap, name: string, { rest, value, request }: Change): YamlMap {
  const existing = map.entries.get(name);
  const entry: YamlEntry = {
    key: existing?.key ?? keyOf(name, request.place),
    value: put(existing?.value, rest, value, request),
  };
  return { ...map, entries: new Map([...map.entries, [name, entry]]) };
}

function putInList(list: YamlList, step: Step, { rest, value, request }: Change): YamlList {
  const index = Number(step);
  if (!Number.isInteger(index) || index < 0 || index > list.items.length) {
    throw refusal(
      request,
      `asks for '${step}' of a list of ${list.items.length}`,
      `Use an index from 0 to ${list.items.length}, the last of which adds an item.`,
    );
  }
  const items = [...list.items];
  items[index] = put(items[index], rest, value, request);
  return { ...list, items };
}

function keyOf(name: string, at: ProblemPlace): YamlScalar {
  return { kind: 'scalar', text: name, type: 'str', value: name, at };
}

function refusal({ override, place }: Request, what: string, next: string): Problem {
  return new Problem({ code: 'input', message: `The override '${override}' ${what}.`, next, place });
}
