import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../shared/problem/index.ts';
import type { RunRecord } from '../record/model.ts';
import { readJson } from '../record/save.ts';
import { readSource } from '../execute/source.ts';
import type { ArtifactType } from './options.ts';
import type { ArtifactPlan } from './plan.ts';
import { isSource } from './source.ts';

/** An artifact with the version a release took. */
export interface ArtifactVersion {
  readonly alias: string;
  /** What the version is known by, and what people see of it. */
  readonly id: string;
  readonly name: string;
  /** Where its files lie, for artifacts that no task downloads. */
  readonly folder?: string;
  /** As far as it is known. */
  readonly branch?: string;
  readonly tags?: readonly string[];
  /** Its folder is a repository: what git ignores stays behind. */
  readonly isSource?: boolean;
}

interface VersionRequest {
  readonly artifacts: readonly ArtifactPlan[];
  /** By alias, without regard to case. */
  readonly given: Readonly<Record<string, string>>;
  readonly types: readonly ArtifactType[];
  readonly runsFolder: string;
  /** The folder of the definition. */
  readonly home: string;
}

interface Choice {
  readonly versions: readonly ArtifactVersion[];
  readonly problems: readonly Problem[];
}

/** Chooses a version of every artifact; a release without one of them is not made. */
export async function chooseVersions(request: VersionRequest): Promise<Choice> {
  const problems: Problem[] = unknownAliases(request);
  const versions: ArtifactVersion[] = [];
  for (const artifact of request.artifacts) {
    const version = await chooseVersion(artifact, request).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      problems.push(error);
      return undefined;
    });
    if (version) versions.push(version);
  }
  return { versions, problems };
}

export function typeOf(artifact: ArtifactPlan, types: readonly ArtifactType[]): ArtifactType | undefined {
  return types.find((one) => one.name.toLowerCase() === artifact.type.toLowerCase());
}

async function chooseVersion(artifact: ArtifactPlan, request: VersionRequest): Promise<ArtifactVersion> {
  const { alias } = artifact;
  const given = Object.entries(request.given).find(([name]) => name.toLowerCase() === alias.toLowerCase());
  const type = typeOf(artifact, request.types);
  if (!type && isSource(artifact.type)) return sourceIn(artifact, path.resolve(given?.[1] ?? request.home));
  if (!type) return standIn(artifact, given?.[1], request.runsFolder);
  const version = given?.[1] ?? versionIn(artifact) ?? (await newest(artifact, type));
  if (version) return { alias, id: version, name: version };
  throw problem(artifact, `The artifact '${alias}' has no version to take.`, choose(alias, 'version'));
}

/** A release carries its version; a definition may name one. */
function versionIn({ inputs }: ArtifactPlan): string | undefined {
  const isFixed = inputs.get('defaultVersionType')?.id === 'specificVersionType';
  return inputs.get('version')?.id || (isFixed ? inputs.get('defaultVersionSpecific')?.id : '') || undefined;
}

async function newest(artifact: ArtifactPlan, type: ArtifactType): Promise<string | undefined> {
  const kind = artifact.inputs.get('defaultVersionType')?.id;
  return kind === 'selectDuringReleaseCreationType' ? undefined : type.newest(artifact);
}

/** A repository on this machine: its version is the commit it is at. */
async function sourceIn(artifact: ArtifactPlan, folder: string): Promise<ArtifactVersion> {
  const { alias } = artifact;
  if (!existsSync(folder))
    throw problem(artifact, `There is no folder '${folder}'.`, choose(alias, 'folder'));
  const { commit, branch } = await readSource(folder);
  const id = commit ?? path.basename(folder);
  return { alias, id, name: commit?.slice(0, 8) ?? id, folder, isSource: true, ...(branch && { branch }) };
}

/** Images stay in their registries: a release only names them. */
const WITHOUT_FILES = new Set(['azurecontainerrepository', 'dockerhub']);

/** What no task here can download: a folder stands for it, or the artifacts of a run on this machine. */
function standIn(artifact: ArtifactPlan, given: string | undefined, runsFolder: string): ArtifactVersion {
  const { alias, type } = artifact;
  const next = choose(alias, 'folder');
  if (WITHOUT_FILES.has(type.toLowerCase())) {
    if (given) return { alias, id: given, name: given };
    throw problem(artifact, `The artifact '${alias}' has no version to take.`, choose(alias, 'version'));
  }
  if (!given) throw problem(artifact, `An artifact of the type '${type}' is not fetched here.`, next);
  const folder = path.resolve(given);
  if (/^\d+$/.test(given)) return artifactsOfRun(artifact, given, path.join(runsFolder, given));
  if (existsSync(folder) && statSync(folder).isDirectory())
    return { alias, id: path.basename(folder), name: path.basename(folder), folder };
  throw problem(artifact, `There is no folder '${given}' to stand for the artifact '${alias}'.`, next);
}

function artifactsOfRun(artifact: ArtifactPlan, id: string, folder: string): ArtifactVersion {
  const file = path.join(folder, 'run.json');
  // Written by this program, in this version of its format.
  const run = existsSync(file) ? (readJson(file) as RunRecord) : undefined;
  if (run && !run.release) {
    const { name, tags, source } = run;
    const branch = source.branch && { branch: source.branch };
    return { alias: artifact.alias, id, name, folder: path.join(folder, 'artifacts'), tags, ...branch };
  }
  const message = `There is no run ${id} on this machine whose artifacts '${artifact.alias}' could take.`;
  throw problem(artifact, message, choose(artifact.alias, 'folder'));
}

function choose(alias: string, what: 'version' | 'folder'): string {
  const name = /^[\w.-]+$/.test(alias) ? alias : `"${alias}"`;
  return what === 'version'
    ? `Name one: --artifact ${name}=<version>.`
    : `Name a folder or the number of a run: --artifact ${name}=<folder>.`;
}

function problem({ place }: ArtifactPlan, message: string, next: string): Problem {
  return new Problem({ code: 'not-found', message, next, place });
}

function unknownAliases({ artifacts, given }: VersionRequest): Problem[] {
  const known = artifacts.map(({ alias }) => alias);
  return Object.keys(given)
    .filter((name) => !known.some((alias) => alias.toLowerCase() === name.toLowerCase()))
    .map((name) => {
      const message = `The definition has no artifact '${name}'.`;
      const next = known.length > 0 ? `It has '${known.join("', '")}'.` : 'It has none.';
      return new Problem({ code: 'input', message, next });
    });
}
