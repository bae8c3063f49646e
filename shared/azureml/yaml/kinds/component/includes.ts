import { existsSync, lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Draft } from '../../compilation.ts';
import type { YamlMap, YamlNode } from '../../document/node.ts';
import { text } from '../../fields/basic.ts';
import { listOf } from '../../fields/collections.ts';
import type { Field } from '../../fields/field.ts';
import type { Scope } from '../../fields/scope.ts';
import { codeField } from '../../references/code.ts';
import { upload } from '../../references/local.ts';
import { absolutePath, existingPath, kindOfPath } from '../../references/paths.ts';

/** Files and folders that a component shares with others and that are merged with its code, as they are written. */
export const includes: Field<readonly string[]> = listOf({
  expected: 'the path of a file or folder',
  read(node, scope) {
    if (node.kind === 'map') {
      return scope.unsupported(
        node.at,
        `${scope.subject()} is a package of Azure Artifacts; such packages are not fetched.`,
        'Download it in the pipeline (UniversalPackages@0) and name its folder here.',
      );
    }
    const given = text.read(node, scope);
    if (given === undefined) return undefined;
    if (isFolderToZip(absolutePath(given, scope.folder))) return refuseZip(given, node, scope);
    return existingPath(given, node, scope) === undefined ? undefined : given;
  },
});

/** The reference client zips a folder `x` that is included as `x.zip`; the bytes then depend on when its files were written. */
function isFolderToZip(absolute: string): boolean {
  const folder = absolute.replace(/\.zip$/, '');
  return folder !== absolute && kindOfPath(absolute) === 'missing' && kindOfPath(folder) === 'folder';
}

function refuseZip(given: string, node: YamlNode, scope: Scope): undefined {
  return scope.unsupported(
    node.at,
    `There is no '${given}', only a folder; folders are not zipped on the way.`,
    'Include the folder itself, or zip it in the pipeline.',
  );
}

/** The code of a component whose file is `root`, with what it includes. */
export function codeWithIncludes(root: YamlMap): Field<Draft> {
  return codeField((folder, scope) => {
    const included = includesOf(root, scope);
    if (included.length === 0) return { of: 'component' };
    for (const one of included) checkFree(one, folder, scope);
    return { of: 'component', merge: { includes: included.map(({ absolute }) => absolute), hasCode: true } };
  });
}

/** What is sent of a component that has includes and no code. */
export function includesAlone(root: YamlMap, scope: Scope): Draft | undefined {
  const merge = { includes: includesOf(root, scope).map(({ absolute }) => absolute), hasCode: false };
  const place = root.entries.get('additional_includes')?.value.at ?? root.at;
  const { value: code } = root.entries.get('code') ?? {};
  if (merge.includes.length === 0) return undefined;
  if (code?.kind === 'scalar' && code.text.startsWith('azureml:'))
    return scope.refuse(place, "'additional_includes' are merged with local code; this code is registered.");
  if (code) return undefined;
  return upload({ kind: 'code', path: scope.folder, of: 'component', merge, place }, scope);
}

interface Included {
  readonly given: string;
  readonly absolute: string;
  readonly node: YamlNode;
}

function includesOf(root: YamlMap, scope: Scope): Included[] {
  const list = root.entries.get('additional_includes')?.value;
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((node) => {
    const given = node.kind === 'scalar' && node.type === 'str' ? node.value : undefined;
    return given === undefined
      ? []
      : [{ given, absolute: behindLinks(absolutePath(given, scope.folder)), node }];
  });
}

/** A link is merged under the name of what it leads to. */
function behindLinks(absolute: string): string {
  return existsSync(absolute) ? realpathSync(absolute) : absolute;
}

/** The code must not have something of that name already, unless it is a link to the same. */
function checkFree({ given, absolute, node }: Included, folder: string, scope: Scope): void {
  if (kindOfPath(folder) === 'file') return;
  const twin = path.join(folder, path.basename(absolute));
  const isLink = lstatSync(twin, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (isLink && existsSync(twin) && realpathSync(twin) === absolute) return;
  if (!isLink && !existsSync(twin)) return;
  scope.refuse(
    node.at,
    `The code has a file or folder of the name of '${given}' already (${twin}).`,
    'Rename one of the two.',
  );
}
