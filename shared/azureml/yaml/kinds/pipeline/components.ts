import type { Draft, DraftMap, LocalVersion } from '../../compilation.ts';
import { Reference } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { readYamlFile } from '../../document/read.ts';
import { reportFrom } from '../../fields/report.ts';
import type { Scope } from '../../fields/scope.ts';
import { versioned } from '../../references/ids.ts';
import { existingPath } from '../../references/paths.ts';
import { commandComponent } from '../component/command.ts';
import { ANONYMOUS_COMPONENT, componentBody, type ComponentSource } from '../component/spec.ts';
import { pages } from '../pages.ts';

/** What a step runs: a component of the workspace or a registry, or a local one that becomes an anonymous version. */
export type StepComponent =
  | { readonly kind: 'remote'; readonly id: Draft; readonly source: string }
  | { readonly kind: 'local'; readonly id: Draft; readonly source: ComponentSource; readonly spec: DraftMap };

/** The components of one pipeline; a file that several steps name is read and sent once. */
export class ComponentShelf {
  readonly #files = new Map<string, LocalComponent | undefined>();

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
    const local = readLocal(node, 'YAML.JOB', scope);
    return local && local.use(node, scope);
  }

  #file(path: string, node: YamlNode, scope: Scope): StepComponent | undefined {
    const file = existingPath(path, node, scope, 'file');
    if (file === undefined) return undefined;
    // The reference client takes a component behind `file:` for one written in place.
    const source = path.startsWith('file:') ? 'YAML.JOB' : 'YAML.COMPONENT';
    const key = `${source} ${file}`;
    if (!this.#files.has(key)) this.#files.set(key, loadFile(file, source, scope));
    return this.#files.get(key)?.use(node, scope);
  }
}

interface LocalComponent {
  use(node: YamlNode, scope: Scope): StepComponent;
}

function remote(id: string, node: YamlNode, scope: Scope): StepComponent | undefined {
  const source = id.startsWith('azureml://') ? 'REMOTE.REGISTRY' : 'REMOTE.WORKSPACE.COMPONENT';
  const resolved = versioned(id, 'components', node, scope);
  return resolved === undefined ? undefined : { kind: 'remote', id: resolved, source };
}

function loadFile(file: string, source: ComponentSource, scope: Scope): LocalComponent | undefined {
  const document = reportFrom(scope, () => readYamlFile(file));
  if (!document) return undefined;
  scope.settings.findings.warnings.push(...document.warnings);
  const inner = scope.elsewhere({ folder: document.folder, page: pages.commandComponent });
  if (!isCommandComponent(document.root)) {
    return inner.unsupported(document.root.at, 'Only command components are offered as steps for now.');
  }
  return readLocal(document.root, source, inner);
}

function isCommandComponent(node: YamlNode): boolean {
  const type = node.kind === 'map' ? node.entries.get('type')?.value : undefined;
  return type?.kind !== 'scalar' || type.text.toLowerCase() === 'command';
}

function readLocal(node: YamlNode, source: ComponentSource, scope: Scope): LocalComponent | undefined {
  const read = commandComponent(node, scope);
  return read && localComponent(read.spec, source, { node, scope, properties: read.properties });
}

/** A specification as an anonymous component version, noted once however many steps use it. */
export function localComponent(
  spec: DraftMap,
  source: ComponentSource,
  { node, scope, properties }: { node: YamlNode; scope: Scope; properties: DraftMap },
): LocalComponent {
  const body = componentBody({ ...spec, ...ANONYMOUS_COMPONENT }, { source, isAnonymous: true, properties });
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
    use: (user) => ({ kind: 'local', id: new Reference({ kind: 'local', asset }, user.at), source, spec }),
  };
}
