import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Which files of a folder stay behind. Paths are relative to the folder, with forward slashes; `../` is possible behind links. */
export interface IgnoreRules {
  isIgnored(relativePath: string): boolean;
  /** Whether nothing below this folder can be wanted, so that it need not be read. */
  isWholeFolderIgnored(relativePath: string): boolean;
}

const NO_RULES: IgnoreRules = { isIgnored: () => false, isWholeFolderIgnored: () => false };

/** Files with rules; the first that is there counts. */
export const IGNORE_FILES = ['.amlignore', '.gitignore'] as const;
/** What is left out of the code of every component, after the rules of its ignore file. */
export const COMPONENT_RULES = '\n__pycache__\n';

/** The rules of a folder: its `.amlignore`, else its `.gitignore`, else none. Files further down do not count. */
export async function ignoreRulesOf(folder: string, more = ''): Promise<IgnoreRules> {
  for (const name of IGNORE_FILES) {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined);
    if (text !== undefined) return parseIgnoreRules(text + more);
  }
  return parseIgnoreRules(more);
}

/**
 * The last rule that matches a file decides, and a rule with `!` brings a file back even out of an ignored folder: the
 * reference client asks each file, where git would not look into the folder at all.
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const hasExceptions = lines.some((line) => line.startsWith('!'));
  return hasExceptions ? orderedRules(lines) : plainRules(lines);
}

function matcher(lines: readonly string[]): Ignore {
  return ignore({ ignorecase: false, allowRelativePaths: true }).add([...lines]);
}

function plainRules(lines: readonly string[]): IgnoreRules {
  if (lines.length === 0) return NO_RULES;
  const all = matcher(lines);
  return {
    isIgnored: (relativePath) => all.ignores(relativePath),
    isWholeFolderIgnored: (relativePath) => all.ignores(`${relativePath}/`),
  };
}

function orderedRules(lines: readonly string[]): IgnoreRules {
  const rules = lines.map((line) => {
    const isException = line.startsWith('!');
    return { isException, matcher: matcher([isException ? line.slice(1) : line]) };
  });
  return {
    isIgnored: (relativePath) =>
      rules.reduce(
        (ignored, rule) => (rule.matcher.ignores(relativePath) ? !rule.isException : ignored),
        false,
      ),
    isWholeFolderIgnored: () => false,
  };
}
