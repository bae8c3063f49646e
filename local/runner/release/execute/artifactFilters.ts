import type { ArtifactCondition, ReleasePlan, StageTrigger } from '../plan.ts';
import type { ArtifactVersion } from '../versions.ts';

interface Facts {
  readonly plan: ReleasePlan;
  readonly versions: readonly ArtifactVersion[];
}

/** Why a stage's artifact filters keep it from starting by itself; undefined: they let it. */
export function refusedByFilters({ artifacts }: StageTrigger, facts: Facts): string | undefined {
  const aliases = [...new Set(artifacts.map((one) => one.alias))];
  const refused = aliases.find((alias) => !fits(alias, artifacts, facts));
  if (refused === undefined) return undefined;
  const { branch, tags } = traitsOf(refused, facts);
  const of = [branch && `branch '${branch}'`, tags.length > 0 && `tags '${tags.join("', '")}'`].filter(
    Boolean,
  );
  return `Not deployed: the version of '${refused}' (${of.join(', ') || 'without branch and tags'}) passes none of the stage's filters.`;
}

/** One that begins with `-` keeps a branch out; of the others, one must fit. */
function fits(alias: string, all: readonly ArtifactCondition[], facts: Facts): boolean {
  const own = all.filter((one) => one.alias === alias);
  const traits = traitsOf(alias, facts);
  const [out, wanted] = [own.filter(isExclusion), own.filter((one) => !isExclusion(one))];
  if (out.some(({ branch }) => isBranch(traits.branch, branch.slice(1)))) return false;
  return wanted.length === 0 || wanted.some((one) => holds(one, traits));
}

function isExclusion({ branch }: ArtifactCondition): boolean {
  return branch.startsWith('-');
}

interface Traits {
  readonly branch: string;
  readonly tags: readonly string[];
}

/** What is known of the version that was taken; else the branch the definition takes by default. */
function traitsOf(alias: string, { plan, versions }: Facts): Traits {
  const artifact = plan.artifacts.find((one) => one.alias === alias);
  const version = versions.find((one) => one.alias === alias);
  return {
    branch: version?.branch ?? artifact?.inputs.get('branch')?.id ?? '',
    tags: version?.tags ?? [],
  };
}

function holds({ branch, tags }: ArtifactCondition, traits: Traits): boolean {
  const has = (tag: string): boolean => traits.tags.some((one) => one.toLowerCase() === tag.toLowerCase());
  return (branch === '' || isBranch(traits.branch, branch)) && tags.every(has);
}

function isBranch(branch: string, pattern: string): boolean {
  const [short, wanted] = [branch, pattern].map((name) => name.replace(/^refs\/heads\//, '')) as [
    string,
    string,
  ];
  return wanted.endsWith('*') ? short.startsWith(wanted.slice(0, -1)) : short === wanted;
}
