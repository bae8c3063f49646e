import { statSync } from 'node:fs';
import path from 'node:path';
import type { YamlNode } from '../document/node.ts';
import type { PathKind, Scope } from '../fields/scope.ts';

/** Whether a text is an address and not a local path: `https:`, `azureml:`, `wasbs:`, `runs:`; a drive letter is a path. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text) && !text.startsWith('file:');
}

/** Whether a text holds an expression that the service fills in. */
export function hasBinding(text: string): boolean {
  return /\$\{\{.*?\}\}/s.test(text);
}

/** The absolute path a text in a file stands for; `file:` in front is allowed. */
export function absolutePath(text: string, folder: string): string {
  return path.resolve(folder, text.startsWith('file:') ? text.slice('file:'.length) : text);
}

export function kindOfPath(absolute: string): PathKind {
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (!found) return 'missing';
  return found.isDirectory() ? 'folder' : 'file';
}

/** The absolute path of something that must be on disk; reported where it is not. */
export function existingPath(
  text: string,
  node: YamlNode,
  scope: Scope,
  wanted: 'file' | 'folder' | 'any' = 'any',
): string | undefined {
  const absolute = absolutePath(text, scope.folder);
  const kind = knownKind(absolute, scope);
  if (kind !== 'missing' && (wanted === 'any' || wanted === kind)) return absolute;
  const what = wanted === 'any' ? 'file or folder' : wanted;
  return scope.refuse(
    node.at,
    `${scope.subject()} names '${text}', but there is no such ${what} (looked for ${absolute}).`,
    'Relative paths start from the folder of the file they stand in.',
  );
}

function knownKind(absolute: string, scope: Scope): PathKind {
  const { paths } = scope.settings.findings;
  const kind = paths.get(absolute) ?? safeKind(absolute);
  paths.set(absolute, kind);
  return kind;
}

/** A path can be too long or hold a NUL; then it is as good as missing. */
function safeKind(absolute: string): PathKind {
  try {
    return kindOfPath(absolute);
  } catch {
    return 'missing';
  }
}
