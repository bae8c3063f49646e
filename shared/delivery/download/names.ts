import { Problem, throwIfAny } from '../../problem/index.ts';

/** Where downloads lie while they are not complete; no stored name may point into it. */
export const STAGING_FOLDER = '.azureml-download';

const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** What Windows does not take in a name; a colon would also name a drive or a stream. */
const NOT_ON_WINDOWS = /[<>:"|?*]|[. ]$/;
/** Names that are told apart by upper and lower case alone are one file there. */
const CASE_BLIND: readonly NodeJS.Platform[] = ['win32', 'darwin'];

/** Refuses stored names that a file below the download folder cannot have, or that two files would share. */
export function requireSafeNames(
  names: readonly string[],
  platform: NodeJS.Platform = process.platform,
): void {
  const unsafe = names.filter((name) => !isSafe(name, platform));
  throwIfAny([...unsafe.map(unusable), ...collisions(names, platform)].slice(0, 10));
}

function isSafe(name: string, platform: NodeJS.Platform): boolean {
  const parts = name.split('/');
  return parts[0] !== STAGING_FOLDER && parts.every((part) => isSafePart(part, platform));
}

function isSafePart(part: string, platform: NodeJS.Platform): boolean {
  if (part === '' || part === '.' || part === '..') return false;
  // A backslash parts folders on Windows, so the same model would be other files there.
  if (/[\u0000-\u001f\\]/.test(part)) return false;
  return platform !== 'win32' || !(NOT_ON_WINDOWS.test(part) || DEVICES.test(part));
}

/** A name that is also a folder of another, or the same one but for its case. */
function collisions(names: readonly string[], platform: NodeJS.Platform): Problem[] {
  const key = (name: string): string => (CASE_BLIND.includes(platform) ? name.toLowerCase() : name);
  const folders = new Set(names.flatMap((name) => foldersOf(key(name))));
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const isTaken = folders.has(key(name)) || seen.has(key(name));
    seen.add(key(name));
    return isTaken ? [taken(name)] : [];
  });
}

function foldersOf(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function unusable(name: string): Problem {
  return new Problem({
    code: 'storage',
    message: `The stored name '${name}' cannot be a file below the download folder.`,
    next: 'Register the model again without that file, or leave it out by itemPattern.',
  });
}

function taken(name: string): Problem {
  return new Problem({
    code: 'storage',
    message: `The stored name '${name}' and another one would be the same file or folder here.`,
    next: 'Register the model again with other names, or choose one of them by itemPattern.',
  });
}
