import { Problem } from '../../../../shared/problem/index.ts';
import list from './knownEnvironments.json' with { type: 'json' };
import type { Requirements } from './requirements.ts';
import { toPipVersion } from './versionSpec.ts';

interface KnownEntry {
  readonly pattern: string;
  readonly pip?: readonly string[];
  readonly python?: string;
  readonly gpu?: boolean;
  readonly gpuPattern?: string;
  readonly curated?: string;
}

/** What stands in for a curated environment, or a problem that names it. */
export function curatedRequirements(name: string): Requirements {
  const found = find(list.curated, name);
  if (!found) throw notListed(`The curated environment '${name}'`);
  const standIn = `The curated environment '${name}' is stood in for by a virtual environment with its main packages.`;
  return { ...entryRequirements(found, name), warnings: [standIn, ...gpuWarnings(found.entry, name)] };
}

/** What stands in for a container image, or a problem that names it. */
export function imageRequirements(image: string): Requirements {
  const found = find(list.images, image);
  if (!found) throw notListed(`The image '${image}'`);
  if (found.entry.curated) return curatedRequirements(filled(found.entry.curated, found.group));
  return { ...entryRequirements(found, image), warnings: gpuWarnings(found.entry, image) };
}

interface Found {
  readonly entry: KnownEntry;
  readonly group: string;
}

function find(entries: readonly KnownEntry[], name: string): Found | undefined {
  for (const entry of entries) {
    const match = new RegExp(`^(?:${entry.pattern})$`, 'i').exec(name);
    if (match) return { entry, group: match[1] ?? '' };
  }
  return undefined;
}

function entryRequirements({ entry, group }: Found, _name: string): Requirements {
  const python = entry.python === undefined ? undefined : toPipVersion(filled(entry.python, group));
  return { lines: (entry.pip ?? []).map((line) => filled(line, group)), python, warnings: [] };
}

function filled(text: string, group: string): string {
  return text.replaceAll('$1', group);
}

function gpuWarnings(entry: KnownEntry, name: string): string[] {
  const isGpu = entry.gpu === true || (entry.gpuPattern !== undefined && name.includes(entry.gpuPattern));
  return isGpu ? [`'${name}' is made for CUDA devices; here it runs on whatever this machine has.`] : [];
}

function notListed(what: string): Problem {
  return new Problem({
    code: 'unsupported',
    message: `${what} has no counterpart on this machine: containers are not run here.`,
    next: 'Use an image of mcr.microsoft.com/azureml or python with a conda file that lists the packages, or run the job on Azure.',
  });
}
