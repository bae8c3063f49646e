import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ProblemPlace } from '../../../problem/index.ts';
import { byCodePoint } from '../../yaml/document/python.ts';
import type { CodeMerge } from '../../yaml/index.ts';
import {
  COMPONENT_RULES,
  IGNORE_FILES,
  ignoreRulesOf,
  parseIgnoreRules,
  type IgnoreRules,
} from './ignore.ts';
import { emptyFolder, unreadable, type Snapshot, type SnapshotFile } from './walk.ts';

/** The reference client copies everything into a folder of this name before it sends it. */
const MERGED_FOLDER = 'code_with_additional_includes';

/** Rules of one folder; merged code, unlike other code, also heeds ignore files further down. */
interface Layer {
  readonly base: string;
  readonly rules: IgnoreRules;
}

/**
 * Lists what a component's code and its includes come to, laid over each other in their order. As in the reference
 * client the rules of the code count below every include too, and those of the merged folder once more in the end.
 */
export async function mergedSnapshot(code: string, merge: CodeMerge, place: ProblemPlace): Promise<Snapshot> {
  const merger = new Merger(place);
  const isFile = merge.hasCode && (await stat(code)).isFile();
  const rules = isFile ? parseIgnoreRules(COMPONENT_RULES) : await ignoreRulesOf(code, COMPONENT_RULES);
  const own = { base: isFile ? path.dirname(code) : code, rules };
  if (merge.hasCode) await merger.add(code, isFile ? path.basename(code) : '', [own]);
  for (const include of merge.includes) await merger.include(include, { base: path.dirname(include), rules });
  const files = await merger.files();
  if (files.length === 0) throw emptyFolder(code, place);
  return { root: code, isFolder: true, name: MERGED_FOLDER, files, links: [], rules };
}

class Merger {
  /** Where the bytes of each name are; what comes later replaces what was there. */
  readonly #sources = new Map<string, string>();
  readonly #place: ProblemPlace;

  constructor(place: ProblemPlace) {
    this.#place = place;
  }

  async include(include: string, rules: Layer): Promise<void> {
    const isFolder = (await stat(include)).isDirectory();
    const layers = isFolder ? [rules, await layerOf(include)] : [rules];
    await this.add(include, path.basename(include), layers);
  }

  /** A file or folder and all in it that no layer of rules leaves out. */
  async add(
    source: string,
    name: string,
    layers: readonly Layer[],
    above: readonly string[] = [],
  ): Promise<void> {
    if (layers.some((layer) => isLeftOut(source, layer))) return;
    const info = await stat(source).catch(() => undefined);
    if (!info) throw unreadable(source, this.#place, 'This link points at nothing');
    if (!info.isDirectory()) return void this.#sources.set(name, source);
    const real = await realpath(source);
    if (above.includes(real)) throw unreadable(source, this.#place, 'This link leads to a folder it lies in');
    for (const entry of await readdir(source, { withFileTypes: true })) {
      const below = path.join(source, entry.name);
      const more = (await this.#isFolder(below)) ? [...layers, await layerOf(below)] : layers;
      await this.add(below, name === '' ? entry.name : `${name}/${entry.name}`, more, [...above, real]);
    }
  }

  async #isFolder(source: string): Promise<boolean> {
    return (await stat(source).catch(() => undefined))?.isDirectory() ?? false;
  }

  /** What the rules of the merged folder leave, by name. */
  async files(): Promise<SnapshotFile[]> {
    const ignoreFile = IGNORE_FILES.map((name) => this.#sources.get(name)).find(
      (source) => source !== undefined,
    );
    const text = ignoreFile === undefined ? '' : await readFile(ignoreFile, 'utf8');
    const rules = parseIgnoreRules(text + COMPONENT_RULES);
    const names = [...this.#sources].filter(([name]) => !rules.isIgnored(name));
    const files = names.map(async ([name, source]) => ({
      source: await realpath(source),
      name,
      sizeInBytes: (await stat(source)).size,
    }));
    return (await Promise.all(files)).sort((a, b) => byCodePoint(a.name, b.name));
  }
}

async function layerOf(folder: string): Promise<Layer> {
  return { base: folder, rules: await ignoreRulesOf(folder, COMPONENT_RULES) };
}

function isLeftOut(source: string, { base, rules }: Layer): boolean {
  return rules.isIgnored(path.relative(base, source).replaceAll(path.sep, '/') || '.');
}
