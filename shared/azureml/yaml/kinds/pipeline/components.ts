import type { Draft, DraftMap, LocalVersion } from '../../compilation.ts';
import { Reference } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { readYamlFile } from '../../document/read.ts';
import { nearest } from '../../fields/nearest.ts';
import { reportFrom } from '../../fields/report.ts';
import type { Scope } from '../../fields/scope.ts';
import { versioned } from '../../references/ids.ts';
import { existingPath } from '../../references/paths.ts';
import type { ComponentReading } from '../component/base.ts';
import { ANONYMOUS_COMPONENT, componentBody, type ComponentSource } from '../component/spec.ts';
import { REFUSED } from '../names.ts';
import { pages } from '../pages.ts';

/** Types of components that a step can run. */
export type ComponentType = 'command' | 'parallel' | 'pipeline' | 'spark' | 'data_transfer';

/** Reads a component of one type; a pipeline's steps may name components too. */
export type ComponentReader = (
  node: YamlMap,
  scope: Scope,
  shelf: ComponentShelf,
) => ComponentReading | undefined;

export interface RemoteComponent {
  readonly kind: 'remote';
  readonly id: Draft;
  readonly source: string;
}

export interface LocalComponent {
  readonly kind: 'local';
  readonly type: ComponentType;
  readonly id: Draft;
  readonly source: ComponentSource;
  readonly reading: ComponentReading;
}

/** What a step runs: a component of the workspace or a registry, or a local one that becomes an anonymous version. */
export type StepComponent = RemoteComponent | LocalComponent;

/** The components of one file and those it names; a file that several steps name is read and sent once. */
export class ComponentShelf {
  readonly #readers: Readonly<Record<ComponentType, ComponentReader>>;
  readonly #files = new Map<string, Component | undefined>();
  /** Files being read: one that names itself, over however many others, would never end. */
  readonly #open = new Set<string>();

  constructor(readers: Readonly<Record<ComponentType, ComponentReader>>) {
    this.#readers = readers;
  }

  /** A step's `component`, or the `trial` of a sweep. */
  read(node: YamlNode, scope: Scope): StepComponent | undefined {
    if (node.kind === 'map') return this.#inline(node, scope);
    if (node.kind !== 'scalar' || node.type !== 'str') {
      return scope.unexpected(
        node,
        'a component: a path, azureml:<name>:<version>, a registry id or a mapping',
      );
    }
    return node.value.startsWith('azureml:')
      ? remote(node.value, node, scope)
      : this.#file(node.value, node, scope);
  }

  #inline(node: YamlMap, scope: Scope): StepComponent | undefined {
    const type = typeOf(node, scope);
    if (type === 'pipeline') {
      return scope.refuse(node.at, 'A pipeline component stands in a file of its own; name that file here.');
    }
    return type && this.#component(node, type, { source: 'YAML.JOB', scope })?.use(node);
  }

  #file(path: string, node: YamlNode, scope: Scope): StepComponent | undefined {
    const file = existingPath(path, node, scope, 'file');
    if (file === undefined) return undefined;
    // The reference client takes a component behind `file:` for one written in place.
    const source = path.startsWith('file:') ? 'YAML.JOB' : 'YAML.COMPONENT';
    const key = `${source} ${file}`;
    if (this.#open.has(key)) return scope.refuse(node.at, `The component ${path} contains itself.`);
    if (!this.#files.has(key)) {
      this.#open.add(key);
      this.#files.set(key, this.#load(file, source, scope));
      this.#open.delete(key);
    }
    return this.#files.get(key)?.use(node);
  }

  #load(file: string, source: ComponentSource, scope: Scope): Component | undefined {
    const document = reportFrom(scope, () => readYamlFile(file));
    if (!document) return undefined;
    scope.settings.findings.warnings.push(...document.warnings);
    const { root } = document;
    const inner = scope.elsewhere({ folder: document.folder, page: pages.component });
    if (root.kind !== 'map') return inner.unexpected(root, 'a component: a mapping');
    if (isFlow(root))
      return scope.unsupported(root.at, `This is a prompt flow, no component. ${REFUSED.flow}`);
    const type = typeOf(root, inner);
    return type && this.#component(root, type, { source, scope: inner.as(pages[`${page(type)}Component`]) });
  }

  #component(
    node: YamlMap,
    type: ComponentType,
    { source, scope }: { source: ComponentSource; scope: Scope },
  ): Component | undefined {
    const reading = this.#readers[type](node, scope, this);
    return reading && localComponent(reading, source, { type, node, scope });
  }
}

interface Component {
  use(node: YamlNode): LocalComponent;
}

/** The reference client makes components of flows and of runs of flows, which are told by their schema. */
function isFlow(root: YamlMap): boolean {
  const schema = root.entries.get('$schema')?.value;
  return schema?.kind === 'scalar' && /\/promptflow\/.*(?:Flow|Run)\.schema\.json$/.test(schema.text);
}

/** Data transfers have no page of their own. */
function page(type: ComponentType): Exclude<ComponentType, 'data_transfer'> {
  return type === 'data_transfer' ? 'command' : type;
}

const TYPES: readonly ComponentType[] = ['command', 'parallel', 'pipeline', 'spark', 'data_transfer'];

function typeOf(node: YamlMap, scope: Scope): ComponentType | undefined {
  const given = node.entries.get('type')?.value;
  if (!given) return 'command';
  const word = given.kind === 'scalar' ? given.text : '';
  const type = TYPES.find((known) => known === word.toLowerCase());
  if (type) return type;
  const guess = nearest(word, TYPES);
  const hint = guess === undefined ? ` These are: ${TYPES.join(', ')}.` : ` Did you mean '${guess}'?`;
  return scope.unsupported(given.at, `Components of the type '${word}' cannot be a step.${hint}`);
}

function remote(id: string, node: YamlNode, scope: Scope): StepComponent | undefined {
  const source = id.startsWith('azureml://') ? 'REMOTE.REGISTRY' : 'REMOTE.WORKSPACE.COMPONENT';
  const resolved = versioned(id, 'components', node, scope);
  return resolved === undefined ? undefined : { kind: 'remote', id: resolved, source };
}

/** A specification as an anonymous component version, noted once however many steps use it. */
function localComponent(
  reading: ComponentReading,
  source: ComponentSource,
  { type, node, scope }: { type: ComponentType; node: YamlNode; scope: Scope },
): Component {
  const spec = { ...reading.spec, ...ANONYMOUS_COMPONENT };
  const body = componentBody(spec, { source, isAnonymous: true, properties: reading.properties });
  const asset: LocalVersion = {
    kind: 'version',
    type: 'components',
    name: undefined,
    version: undefined,
    body,
    place: node.at,
  };
  scope.settings.findings.assets.push(asset);
  return {
    use: (user) => ({
      kind: 'local',
      type,
      id: new Reference({ kind: 'local', asset }, user.at),
      source,
      reading,
    }),
  };
}

/** A component made of a step itself. */
export function inlineComponent(
  spec: DraftMap,
  type: ComponentType,
  { node, scope, ...more }: { node: YamlMap; scope: Scope } & Partial<ComponentReading>,
): LocalComponent {
  const reading = { name: undefined, version: undefined, spec, properties: {}, ...more };
  return localComponent(reading, 'YAML.JOB', { type, node, scope }).use(node);
}
