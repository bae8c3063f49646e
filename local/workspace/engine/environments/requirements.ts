import { Problem } from '../../../../shared/problem/index.ts';
import type { CondaFile } from './condaFile.ts';
import table from './condaPackages.json' with { type: 'json' };
import { parseCondaDependency } from './versionSpec.ts';

const USUAL_CHANNELS =
  /^(?:(?:https?:\/\/[^/]+\/)?(?:defaults|conda-forge|anaconda|main|pytorch|nvidia|intel|microsoft)|nodefaults)\/?$/i;

/** What pip is to install, and which Python was asked for. */
export interface Requirements {
  /** Lines in pip's requirements syntax. */
  readonly lines: readonly string[];
  /** Python's version in pip's form (`==3.11.*`), or undefined when any will do. */
  readonly python: string | undefined;
  readonly warnings: readonly string[];
}

/** Translates a conda specification by the published table (condaPackages.json). */
export function requirementsOf(conda: CondaFile): Requirements {
  const found = conda.dependencies.map(translate);
  const refused = found.flatMap((item) => item.refused ?? []);
  if (refused.length > 0) throw cannotBeMade(refused);
  return {
    lines: [...found.flatMap((item) => item.line ?? []), ...conda.pip.filter(isRequirement)],
    python: found.find((item) => item.python)?.python,
    warnings: [...found.flatMap((item) => item.warning ?? []), ...conda.channels.flatMap(channelWarning)],
  };
}

interface Translation {
  readonly line?: string;
  readonly python?: string;
  readonly warning?: string;
  readonly refused?: string;
}

function translate(text: string): Translation {
  const { name, version } = parseCondaDependency(text);
  if (name === 'python') return version === '' ? {} : { python: version };
  const renamed = renamedTo(name);
  if (renamed) return { line: `${renamed}${version}` };
  const reason = Object.entries(table.refused).find(([pattern]) => matches(pattern, name))?.[1];
  if (reason) return { refused: `'${text}': ${reason}` };
  if (table.gpu.some((pattern) => matches(pattern, name))) return { warning: withoutGpu(text) };
  if (table.native.some((pattern) => matches(pattern, name))) return { warning: notByPip(text) };
  if (table.supplied.some((pattern) => matches(pattern, name))) return {};
  return { line: `${name}${version}` };
}

function renamedTo(name: string): string | undefined {
  return Object.entries(table.renamed).find(([conda]) => conda === name)?.[1];
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** A file named in the pip list is not part of the environment, on Azure no more than here. */
function isRequirement(line: string): boolean {
  if (/^(?:-r|--requirement|-c|--constraint|-e|--editable)\b/.test(line)) {
    throw new Problem({
      code: 'file',
      message: `The conda file's pip list has '${line}', which names a file that the environment does not carry.`,
      next: 'List the requirements themselves.',
    });
  }
  return line !== '' && !line.startsWith('#');
}

function channelWarning(channel: string): string[] {
  if (USUAL_CHANNELS.test(channel)) return [];
  return [`The conda channel '${channel}' is not asked here: its packages are looked up in pip's index.`];
}

function withoutGpu(text: string): string {
  return `The conda package '${text}' is left out: this machine is not promised to have an accelerator.`;
}

function notByPip(text: string): string {
  return `The conda package '${text}' is left out: it is not a Python package, so this machine has to have it already.`;
}

function cannotBeMade(refused: readonly string[]): Problem {
  return new Problem({
    code: 'unsupported',
    message: `The environment cannot be made on this machine: ${refused.join(' ')}`,
    next: 'Leave these packages out of the conda file, or run the job on Azure.',
  });
}
